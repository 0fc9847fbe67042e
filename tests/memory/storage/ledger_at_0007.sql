CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE api_keys (
	id VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	scopes JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	revoked_at DATETIME, 
	CONSTRAINT pk_api_keys PRIMARY KEY (id)
);
CREATE INDEX ix_api_keys_tenant ON api_keys (tenant);
CREATE TABLE articles (
	id INTEGER NOT NULL, 
	tenant VARCHAR NOT NULL, 
	doc_id VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	url VARCHAR, 
	text TEXT NOT NULL, 
	content_hash VARCHAR NOT NULL, 
	indexed_hash VARCHAR, 
	source VARCHAR NOT NULL, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_articles PRIMARY KEY (id), 
	CONSTRAINT uq_articles_tenant_doc_id UNIQUE (tenant, doc_id)
);
CREATE INDEX ix_articles_tenant ON articles (tenant);
CREATE TABLE budget_accounts (
	"key" VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	money_micros_spent BIGINT NOT NULL, 
	money_micros_held BIGINT NOT NULL, 
	tool_calls_spent BIGINT NOT NULL, 
	tool_calls_held BIGINT NOT NULL, 
	model_calls_spent BIGINT NOT NULL, 
	model_calls_held BIGINT NOT NULL, 
	tokens_spent BIGINT NOT NULL, 
	tokens_held BIGINT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_budget_accounts PRIMARY KEY ("key")
);
CREATE INDEX ix_budget_accounts_tenant ON budget_accounts (tenant);
CREATE TABLE budget_reservations (
	id VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	ticket_id VARCHAR NOT NULL, 
	turn INTEGER NOT NULL, 
	turn_account VARCHAR NOT NULL, 
	day_account VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	money_micros BIGINT NOT NULL, 
	tool_calls BIGINT NOT NULL, 
	model_calls BIGINT NOT NULL, 
	tokens BIGINT NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	settled_at DATETIME, 
	CONSTRAINT pk_budget_reservations PRIMARY KEY (id)
);
CREATE INDEX ix_budget_reservations_status_expires_at ON budget_reservations (status, expires_at);
CREATE INDEX ix_budget_reservations_ticket_id ON budget_reservations (ticket_id);
CREATE TABLE chunks (
	id VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	doc_id VARCHAR NOT NULL, 
	ordinal INTEGER NOT NULL, 
	heading VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_chunks PRIMARY KEY (id)
);
CREATE INDEX ix_chunks_tenant_doc_id ON chunks (tenant, doc_id);
CREATE TABLE effects (
	"key" VARCHAR NOT NULL, 
	ticket_id VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	turn INTEGER NOT NULL, 
	tool VARCHAR NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	result JSON, 
	error VARCHAR, 
	created_at DATETIME NOT NULL, 
	settled_at DATETIME, 
	CONSTRAINT pk_effects PRIMARY KEY ("key")
);
CREATE INDEX ix_effects_ticket_id ON effects (ticket_id);
CREATE TABLE journal (
	id INTEGER NOT NULL, 
	ticket_id VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	turn INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	kind VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	cause VARCHAR NOT NULL, 
	outcome VARCHAR NOT NULL, 
	fingerprint VARCHAR, 
	duration_ms FLOAT, 
	tokens_in INTEGER NOT NULL, 
	tokens_out INTEGER NOT NULL, 
	cost_micros INTEGER NOT NULL, 
	error VARCHAR, 
	numbers JSON NOT NULL, 
	CONSTRAINT pk_journal PRIMARY KEY (id), 
	CONSTRAINT uq_journal_ticket_id_seq UNIQUE (ticket_id, seq)
);
CREATE INDEX ix_journal_ticket_id ON journal (ticket_id);
CREATE TABLE memories (
	id VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	ticket_id VARCHAR NOT NULL, 
	turn INTEGER NOT NULL, 
	customer VARCHAR, 
	intent VARCHAR, 
	question TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	origin VARCHAR NOT NULL, 
	sources VARCHAR NOT NULL, 
	model_revision VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_memories PRIMARY KEY (id)
);
CREATE INDEX ix_memories_customer ON memories (customer);
CREATE INDEX ix_memories_tenant ON memories (tenant);
CREATE INDEX ix_memories_ticket_id ON memories (ticket_id);
CREATE TABLE tickets (
	id VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	subject TEXT NOT NULL, 
	customer_email VARCHAR, 
	customer_name VARCHAR, 
	headers JSON NOT NULL, 
	status VARCHAR NOT NULL, 
	outcome VARCHAR, 
	intent VARCHAR, 
	confidence FLOAT, 
	reason VARCHAR, 
	turn INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, 
	handled INTEGER NOT NULL, 
	redrives INTEGER NOT NULL, 
	interrupt_id VARCHAR, 
	idempotency_key VARCHAR, 
	body_digest VARCHAR, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_tickets PRIMARY KEY (id), 
	CONSTRAINT uq_tickets_tenant_idempotency_key UNIQUE (tenant, idempotency_key)
);
CREATE INDEX ix_tickets_tenant ON tickets (tenant);
CREATE INDEX ix_tickets_tenant_status ON tickets (tenant, status);
CREATE TABLE messages (
	id INTEGER NOT NULL, 
	ticket_id VARCHAR NOT NULL, 
	seq INTEGER NOT NULL, 
	turn INTEGER NOT NULL, 
	role VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	citations JSON NOT NULL, 
	author VARCHAR, 
	"key" VARCHAR, 
	body_digest VARCHAR, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_messages PRIMARY KEY (id), 
	CONSTRAINT fk_messages_ticket_id_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id), 
	CONSTRAINT uq_messages_ticket_id_key UNIQUE (ticket_id, "key"), 
	CONSTRAINT uq_messages_ticket_id_seq UNIQUE (ticket_id, seq)
);
CREATE INDEX ix_messages_ticket_id ON messages (ticket_id);
CREATE VIRTUAL TABLE chunk_text USING fts5( chunk_id UNINDEXED, tenant UNINDEXED, title, heading, body, tokenize='porter unicode61 remove_diacritics 2' );
CREATE TABLE identity_challenges (
	id VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	ticket_id VARCHAR NOT NULL, 
	turn INTEGER NOT NULL, 
	address VARCHAR, 
	holder VARCHAR NOT NULL, 
	nonce VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	tries INTEGER NOT NULL, 
	tries_allowed INTEGER NOT NULL, 
	valid_seconds INTEGER NOT NULL, 
	verified_seconds INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	verified_until DATETIME, 
	CONSTRAINT pk_identity_challenges PRIMARY KEY (id)
);
CREATE INDEX ix_identity_challenges_ticket_id ON identity_challenges (ticket_id);
CREATE INDEX ix_identity_challenges_tenant_holder ON identity_challenges (tenant, holder);
CREATE TABLE calibrations (
	id VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	max_error FLOAT NOT NULL, 
	threshold FLOAT NOT NULL, 
	n INTEGER NOT NULL, 
	delivered INTEGER NOT NULL, 
	realised_error FLOAT, 
	coverage FLOAT NOT NULL, 
	sufficient BOOLEAN NOT NULL, 
	note TEXT NOT NULL, 
	encoder VARCHAR NOT NULL, 
	model VARCHAR NOT NULL, 
	kb_digest VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	calibrated_at VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_calibrations PRIMARY KEY (id)
);
CREATE INDEX ix_calibrations_tenant ON calibrations (tenant);
CREATE TABLE chunk_tokens (
	chunk_id VARCHAR NOT NULL, 
	revision VARCHAR NOT NULL, 
	tokens BLOB NOT NULL, 
	CONSTRAINT pk_chunk_tokens PRIMARY KEY (chunk_id), 
	CONSTRAINT fk_chunk_tokens_chunk_id_chunks FOREIGN KEY(chunk_id) REFERENCES chunks (id) ON DELETE CASCADE
);
CREATE TABLE "handoffs" (
	id VARCHAR NOT NULL, 
	ticket_id VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	turn INTEGER NOT NULL, 
	status VARCHAR NOT NULL, 
	priority INTEGER NOT NULL, 
	due_at DATETIME, 
	created_at DATETIME NOT NULL, 
	reason VARCHAR NOT NULL, 
	intent VARCHAR, 
	team VARCHAR NOT NULL, 
	claimed_by VARCHAR, 
	lease_expires_at DATETIME, 
	snoozed_until DATETIME, 
	resolve_by DATETIME, 
	responded_at DATETIME, 
	asked_at DATETIME, 
	escalated_at DATETIME, 
	escalated_to VARCHAR, 
	seen_seq INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	customer VARCHAR, 
	merged_into VARCHAR, 
	updated_at DATETIME NOT NULL, 
	closed_at DATETIME, 
	interrupt_id VARCHAR, 
	decided_by VARCHAR, 
	decided_at DATETIME, 
	skills JSON NOT NULL, 
	explanation TEXT NOT NULL, 
	decision JSON, 
	story JSON NOT NULL, 
	CONSTRAINT pk_handoffs PRIMARY KEY (id), 
	CONSTRAINT fk_handoffs_ticket_id_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id)
);
CREATE INDEX ix_handoffs_ticket_id ON handoffs (ticket_id);
CREATE INDEX ix_handoffs_tenant ON handoffs (tenant);
CREATE INDEX ix_handoffs_queue ON handoffs (tenant, status, priority, due_at, created_at);
CREATE INDEX ix_handoffs_tenant_customer ON handoffs (tenant, customer);
CREATE INDEX ix_handoffs_status_due_at ON handoffs (status, due_at);
CREATE INDEX ix_handoffs_merged_into ON handoffs (merged_into);
CREATE INDEX ix_tickets_tenant_customer_email ON tickets (tenant, customer_email);
CREATE TABLE handoff_events (
	id INTEGER NOT NULL, 
	tenant VARCHAR NOT NULL, 
	handoff_id VARCHAR NOT NULL, 
	ticket_id VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR NOT NULL, 
	what VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	details JSON NOT NULL, 
	CONSTRAINT pk_handoff_events PRIMARY KEY (id)
);
CREATE INDEX ix_handoff_events_tenant_id ON handoff_events (tenant, id);
CREATE INDEX ix_handoff_events_handoff_id ON handoff_events (handoff_id);
CREATE INDEX ix_handoff_events_ticket_id ON handoff_events (ticket_id);
CREATE TABLE handoff_notes (
	id VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	handoff_id VARCHAR NOT NULL, 
	ticket_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	author VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_handoff_notes PRIMARY KEY (id)
);
CREATE INDEX ix_handoff_notes_handoff_id ON handoff_notes (handoff_id);
CREATE INDEX ix_handoff_notes_ticket_id ON handoff_notes (ticket_id);
CREATE TABLE letters (
	id VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	ticket_id VARCHAR NOT NULL, 
	handoff_id VARCHAR NOT NULL, 
	turn INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	purpose VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	author VARCHAR, 
	status VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	error VARCHAR, 
	created_at DATETIME NOT NULL, 
	settled_at DATETIME, 
	CONSTRAINT pk_letters PRIMARY KEY (id), 
	CONSTRAINT fk_letters_ticket_id_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id)
);
CREATE INDEX ix_letters_status_created_at ON letters (status, created_at);
CREATE INDEX ix_letters_ticket_id ON letters (ticket_id);
CREATE INDEX ix_letters_handoff_id ON letters (handoff_id);
CREATE TABLE corrections (
	id VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	ticket_id VARCHAR NOT NULL, 
	turn INTEGER NOT NULL, 
	handoff_id VARCHAR, 
	article VARCHAR, 
	content_hash VARCHAR, 
	intent VARCHAR, 
	was VARCHAR, 
	question TEXT NOT NULL, 
	note TEXT NOT NULL, 
	"by" VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	undone_by VARCHAR, 
	undone_at DATETIME, 
	CONSTRAINT pk_corrections PRIMARY KEY (id)
);
CREATE INDEX ix_corrections_tenant_kind ON corrections (tenant, kind, undone_at);
CREATE INDEX ix_corrections_ticket_id ON corrections (ticket_id);
CREATE INDEX ix_corrections_handoff_id ON corrections (handoff_id);
CREATE VIRTUAL TABLE handoff_text USING fts5( handoff_id UNINDEXED, tenant UNINDEXED, ticket_id UNINDEXED, subject, explanation, customer, ids, tokenize='unicode61 remove_diacritics 2', prefix='2 3' );
CREATE TABLE people (
	id VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	email VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	folded_name VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	password VARCHAR NOT NULL, 
	one_time BOOLEAN NOT NULL, 
	preferences JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	disabled_at DATETIME, 
	CONSTRAINT pk_people PRIMARY KEY (id), 
	CONSTRAINT uq_people_email UNIQUE (email), 
	CONSTRAINT uq_people_tenant_folded_name UNIQUE (tenant, folded_name)
);
CREATE INDEX ix_people_tenant ON people (tenant);
CREATE TABLE person_sessions (
	digest VARCHAR NOT NULL, 
	person_id VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_person_sessions PRIMARY KEY (digest), 
	CONSTRAINT fk_person_sessions_person_id_people FOREIGN KEY(person_id) REFERENCES people (id)
);
CREATE INDEX ix_person_sessions_person_id ON person_sessions (person_id);
CREATE INDEX ix_person_sessions_expires_at ON person_sessions (expires_at);
CREATE TABLE login_throttles (
	"key" VARCHAR NOT NULL, 
	failures INTEGER NOT NULL, 
	window_ends_at DATETIME NOT NULL, 
	CONSTRAINT pk_login_throttles PRIMARY KEY ("key")
);
CREATE INDEX ix_login_throttles_window_ends_at ON login_throttles (window_ends_at);
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	tenant VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR NOT NULL, 
	via VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	subject VARCHAR, 
	status INTEGER, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
CREATE INDEX ix_audit_tenant_id ON audit (tenant, id);
CREATE TABLE tool_health (
	worker VARCHAR NOT NULL, 
	tenant VARCHAR NOT NULL, 
	tool VARCHAR NOT NULL, 
	breaker VARCHAR NOT NULL, 
	opened INTEGER NOT NULL, 
	retry_in_seconds FLOAT NOT NULL, 
	tokens FLOAT NOT NULL, 
	slots INTEGER NOT NULL, 
	in_use INTEGER NOT NULL, 
	waiting INTEGER NOT NULL, 
	succeeded INTEGER NOT NULL, 
	errors JSON NOT NULL, 
	latency JSON NOT NULL, 
	schema_changes INTEGER NOT NULL, 
	difference JSON NOT NULL, 
	changed_at DATETIME, 
	updated_at DATETIME NOT NULL, 
	CONSTRAINT pk_tool_health PRIMARY KEY (worker, tenant, tool)
);
CREATE INDEX ix_tool_health_tenant ON tool_health (tenant);
CREATE INDEX ix_tool_health_updated_at ON tool_health (updated_at);
CREATE TABLE feedback (
	ticket_id VARCHAR NOT NULL, 
	turn INTEGER NOT NULL, 
	tenant VARCHAR NOT NULL, 
	solved BOOLEAN NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_feedback PRIMARY KEY (ticket_id, turn), 
	CONSTRAINT fk_feedback_ticket_id_tickets FOREIGN KEY(ticket_id) REFERENCES tickets (id)
);
CREATE INDEX ix_feedback_tenant ON feedback (tenant);
CREATE INDEX ix_tickets_tenant_created_at ON tickets (tenant, created_at);
INSERT INTO alembic_version (version_num) VALUES ('0007');
INSERT INTO api_keys (id, tenant, name, digest, scopes, created_at, revoked_at) VALUES ('5c3835f904ad83a9', 'acme', 'intake', 'f66f1243809819cbf49fac5c4c013869ba50407f3baa4b814ac8af066694be2d', '["intake"]', '2026-11-26 16:51:10.827180', NULL);
INSERT INTO budget_accounts (key, tenant, money_micros_spent, money_micros_held, tool_calls_spent, tool_calls_held, model_calls_spent, model_calls_held, tokens_spent, tokens_held, created_at) VALUES ('turn:tkt_01m8cc98veda14myht5pekjavh:1', 'acme', 0, 0, 1, 0, 0, 0, 0, 0, '2026-11-26 16:51:10.064430');
INSERT INTO budget_accounts (key, tenant, money_micros_spent, money_micros_held, tool_calls_spent, tool_calls_held, model_calls_spent, model_calls_held, tokens_spent, tokens_held, created_at) VALUES ('ticket:tkt_01m8cc98veda14myht5pekjavh', 'acme', 0, 0, 1, 0, 0, 0, 0, 0, '2026-11-26 16:51:10.069093');
INSERT INTO budget_accounts (key, tenant, money_micros_spent, money_micros_held, tool_calls_spent, tool_calls_held, model_calls_spent, model_calls_held, tokens_spent, tokens_held, created_at) VALUES ('day:acme:2026-11-26', 'acme', 0, 0, 3, 0, 0, 0, 0, 0, '2026-11-26 16:51:10.071683');
INSERT INTO budget_accounts (key, tenant, money_micros_spent, money_micros_held, tool_calls_spent, tool_calls_held, model_calls_spent, model_calls_held, tokens_spent, tokens_held, created_at) VALUES ('turn:tkt_01m8cc99c3rja6vwq7y8f4g490:1', 'acme', 0, 0, 1, 0, 0, 0, 0, 0, '2026-11-26 16:51:10.419562');
INSERT INTO budget_accounts (key, tenant, money_micros_spent, money_micros_held, tool_calls_spent, tool_calls_held, model_calls_spent, model_calls_held, tokens_spent, tokens_held, created_at) VALUES ('ticket:tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 0, 0, 1, 0, 0, 0, 0, 0, '2026-11-26 16:51:10.422125');
INSERT INTO budget_accounts (key, tenant, money_micros_spent, money_micros_held, tool_calls_spent, tool_calls_held, model_calls_spent, model_calls_held, tokens_spent, tokens_held, created_at) VALUES ('turn:tkt_01m8cc99nb9hkv1g1x8hqj7kat:1', 'acme', 0, 0, 1, 0, 0, 0, 0, 0, '2026-11-26 16:51:10.703905');
INSERT INTO budget_accounts (key, tenant, money_micros_spent, money_micros_held, tool_calls_spent, tool_calls_held, model_calls_spent, model_calls_held, tokens_spent, tokens_held, created_at) VALUES ('ticket:tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 0, 0, 1, 0, 0, 0, 0, 0, '2026-11-26 16:51:10.706679');
INSERT INTO budget_reservations (id, tenant, ticket_id, turn, turn_account, day_account, status, money_micros, tool_calls, model_calls, tokens, created_at, expires_at, settled_at) VALUES ('4e4c8e4b67d7b5d5a6aab5f5', 'acme', 'tkt_01m8cc98veda14myht5pekjavh', 1, 'turn:tkt_01m8cc98veda14myht5pekjavh:1', 'day:acme:2026-11-26', 'settled', 0, 1, 0, 0, '2026-11-26 16:51:10.060646', '2026-11-26 17:06:10.060646', '2026-11-26 16:51:10.094501');
INSERT INTO budget_reservations (id, tenant, ticket_id, turn, turn_account, day_account, status, money_micros, tool_calls, model_calls, tokens, created_at, expires_at, settled_at) VALUES ('176d779e7c08256ee102871f', 'acme', 'tkt_01m8cc99c3rja6vwq7y8f4g490', 1, 'turn:tkt_01m8cc99c3rja6vwq7y8f4g490:1', 'day:acme:2026-11-26', 'settled', 0, 1, 0, 0, '2026-11-26 16:51:10.415928', '2026-11-26 17:06:10.415928', '2026-11-26 16:51:10.435050');
INSERT INTO budget_reservations (id, tenant, ticket_id, turn, turn_account, day_account, status, money_micros, tool_calls, model_calls, tokens, created_at, expires_at, settled_at) VALUES ('b55c76396cdfe1feb5076fdc', 'acme', 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 1, 'turn:tkt_01m8cc99nb9hkv1g1x8hqj7kat:1', 'day:acme:2026-11-26', 'settled', 0, 1, 0, 0, '2026-11-26 16:51:10.697595', '2026-11-26 17:06:10.697595', '2026-11-26 16:51:10.712057');
INSERT INTO effects (key, ticket_id, tenant, turn, tool, fingerprint, status, attempts, result, error, created_at, settled_at) VALUES ('dh-c258f1f6b50c8082c82b2ec61281d17fc0c5b', 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 'deliver_reply', 'a81356b81072fe77', 'done', 1, '{"ticket_id": "tkt_01m8cc98veda14myht5pekjavh", "turn": 1, "kind": "reply", "text": "Hello,\nOpen the settings and press Reset; a link is sent to your address.", "citations": [{"source": "reset", "title": "Reset your password", "kind": "article"}], "channel": "list"}', NULL, '2026-11-26 16:51:10.222133', '2026-11-26 16:51:10.239309');
INSERT INTO effects (key, ticket_id, tenant, turn, tool, fingerprint, status, attempts, result, error, created_at, settled_at) VALUES ('dh-a01fa5d82a01ab0d8333169eb3e93f9709905', 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 'notify', '80d31c9eb0a5387f', 'done', 1, '{"ticket_id": "tkt_01m8cc99c3rja6vwq7y8f4g490", "turn": 1, "kind": "notice", "text": "Thank you for your message. A colleague is looking into it and will reply.", "citations": [], "channel": "list"}', NULL, '2026-11-26 16:51:10.507485', '2026-11-26 16:51:10.524603');
INSERT INTO effects (key, ticket_id, tenant, turn, tool, fingerprint, status, attempts, result, error, created_at, settled_at) VALUES ('dh-3767d8e28ba55a2491cb629dda3ced1a2df26', 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 'notify', '80d31c9eb0a5387f', 'done', 1, '{"ticket_id": "tkt_01m8cc99nb9hkv1g1x8hqj7kat", "turn": 1, "kind": "notice", "text": "Thank you for your message. A colleague is looking into it and will reply.", "citations": [], "channel": "list"}', NULL, '2026-11-26 16:51:10.763252', '2026-11-26 16:51:10.765930');
INSERT INTO handoff_events (id, tenant, handoff_id, ticket_id, at, who, what, status, version, details) VALUES (1, 'acme', 'hnd_71fcb14e10e807abcfdfe50a', 'tkt_01m8cc99c3rja6vwq7y8f4g490', '2026-11-26 16:51:10.578456', 'agent', 'opened', 'open', 1, '{}');
INSERT INTO handoff_events (id, tenant, handoff_id, ticket_id, at, who, what, status, version, details) VALUES (2, 'acme', 'hnd_841cbe6a786c767065b2eb1b', 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', '2026-11-26 16:51:10.789376', 'agent', 'opened', 'open', 1, '{}');
INSERT INTO handoff_events (id, tenant, handoff_id, ticket_id, at, who, what, status, version, details) VALUES (3, 'acme', 'hnd_841cbe6a786c767065b2eb1b', 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', '2026-11-26 16:51:10.817721', 'Ann', 'decided', 'decided', 2, '{"kind": "reply"}');
INSERT INTO handoffs (id, ticket_id, tenant, turn, status, priority, due_at, created_at, reason, intent, team, claimed_by, lease_expires_at, snoozed_until, resolve_by, responded_at, asked_at, escalated_at, escalated_to, seen_seq, version, customer, merged_into, updated_at, closed_at, interrupt_id, decided_by, decided_at, skills, explanation, decision, story) VALUES ('hnd_71fcb14e10e807abcfdfe50a', 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 'open', 2, '2026-11-27 12:51:10.470435', '2026-11-26 16:51:10.478144', 'low_confidence', NULL, '', NULL, NULL, NULL, '2026-12-01 16:51:10.470435', NULL, NULL, NULL, NULL, 0, 1, '889e119a2ec6680789e5afde48f9ef7be72ff274f646f47460f23d3b3b1d0d0b', NULL, '2026-11-26 16:51:10.577625', NULL, 'a54e6aaa2c6abc8bc839df361dd765d9', NULL, NULL, '[]', 'The evidence does not answer it well enough. Confidence 0.10 is under 0.60. It was planned 2 times, 1 step in all, until the limit of 1 replan stopped it.', 'null', '{"summary": "Where is my order? #person", "conversation": "The customer wrote 1 message. What is asked: (1) Where is my order? #person", "question": "Where is my order? #person", "intent": {"intent": null, "confidence": 1.0, "threshold": 0.0, "ranked": []}, "asks": [{"id": "a1", "text": "Where is my order? #person", "query": "Where is my order? #person", "intent": null}], "assessments": [{"ask_id": "a1", "confidence": 0.1, "threshold": 0.6, "supported": false, "evidence": ["c1"], "question": null, "why": "0.10 is under 0.60"}], "tried": [{"step_id": "eb0d65b4ae9f1d8e", "ask_id": "a1", "kind": "search", "tool": "search_knowledge", "arguments": {"query": "Where is my order? #person"}, "status": "ok", "evidence": [{"id": "c1", "kind": "article", "source": "reset", "title": "Reset your password", "heading": "Sign in", "text": "Open the settings and press Reset; a link is sent to your address.", "score": 0.03, "features": {}}], "answer": null, "error": null, "fingerprint": "eb0d65b4ae9f1d8e"}], "findings": [], "suggestion": {"text": "Hello,\nOpen the settings and press Reset; a link is sent to your address.", "claims": [{"text": "Open the settings and press Reset; a link is sent to your address.", "ask_id": "a1", "evidence": ["c1"]}], "writer": "scripted", "confidence": 0.1}, "actions": [], "similar": [], "missing": [], "returns": 0, "returns_allowed": 2, "reply_sent": null, "priority": {"because": ["It begins as normal."]}}');
INSERT INTO handoffs (id, ticket_id, tenant, turn, status, priority, due_at, created_at, reason, intent, team, claimed_by, lease_expires_at, snoozed_until, resolve_by, responded_at, asked_at, escalated_at, escalated_to, seen_seq, version, customer, merged_into, updated_at, closed_at, interrupt_id, decided_by, decided_at, skills, explanation, decision, story) VALUES ('hnd_841cbe6a786c767065b2eb1b', 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 'decided', 2, '2026-11-27 12:51:10.743739', '2026-11-26 16:51:10.750242', 'low_confidence', NULL, '', NULL, NULL, NULL, '2026-12-01 16:51:10.743739', '2026-11-26 16:51:10.813579', NULL, NULL, NULL, 0, 2, '3925ccfb58c5af813dbf24da25b55261eab6667815200f646da1f6ac562c7216', NULL, '2026-11-26 16:51:10.813579', NULL, '329296965456ae0de30838cb78fda47a', 'Ann', '2026-11-26 16:51:10.813579', '[]', 'The evidence does not answer it well enough. Confidence 0.10 is under 0.60. It was planned 2 times, 1 step in all, until the limit of 1 replan stopped it.', '{"kind": "reply", "text": "It is on its way.", "guidance": "", "actions": [], "refused": [], "difference": {"likeness": 0.105, "lines": ["@@ -1,2 +1 @@", "-Hello,", "-Open the settings and press Reset; a link is sent to your address.", "+It is on its way."], "cut": false}}', '{"summary": "My refund, please. #person", "conversation": "The customer wrote 1 message. What is asked: (1) My refund, please. #person", "question": "My refund, please. #person", "intent": {"intent": null, "confidence": 1.0, "threshold": 0.0, "ranked": []}, "asks": [{"id": "a1", "text": "My refund, please. #person", "query": "My refund, please. #person", "intent": null}], "assessments": [{"ask_id": "a1", "confidence": 0.1, "threshold": 0.6, "supported": false, "evidence": ["c1"], "question": null, "why": "0.10 is under 0.60"}], "tried": [{"step_id": "17160de92b53cb13", "ask_id": "a1", "kind": "search", "tool": "search_knowledge", "arguments": {"query": "My refund, please. #person"}, "status": "ok", "evidence": [{"id": "c1", "kind": "article", "source": "reset", "title": "Reset your password", "heading": "Sign in", "text": "Open the settings and press Reset; a link is sent to your address.", "score": 0.03, "features": {}}], "answer": null, "error": null, "fingerprint": "17160de92b53cb13"}], "findings": [], "suggestion": {"text": "Hello,\nOpen the settings and press Reset; a link is sent to your address.", "claims": [{"text": "Open the settings and press Reset; a link is sent to your address.", "ask_id": "a1", "evidence": ["c1"]}], "writer": "scripted", "confidence": 0.1}, "actions": [], "similar": [], "missing": [], "returns": 0, "returns_allowed": 2, "reply_sent": null, "priority": {"because": ["It begins as normal."]}}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (1, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 0, 1, '2026-11-26 16:51:09.889431', 'ticket', 'accept', 'accepted', 'ok', NULL, NULL, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (2, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 2, '2026-11-26 16:51:09.936503', 'run', 'drive', 'accepted', 'started', NULL, NULL, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (3, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 3, '2026-11-26 16:51:10.051289', 'step', 'triage', 'planned', 'ok', NULL, 0.11, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (4, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 4, '2026-11-26 16:51:10.051289', 'decision', 'intent', 'planned', 'none', NULL, NULL, 0, 0, 0, NULL, '{"confidence": 1.0, "threshold": 0.0}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (5, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 5, '2026-11-26 16:51:10.051289', 'decision', 'screen', 'planned', 'go on', NULL, NULL, 0, 0, 0, NULL, '{"injection": 0.0, "language": "und", "personal_data": 0, "truncated": false}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (6, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 6, '2026-11-26 16:51:10.056687', 'step', 'plan', 'planned', 'ok', NULL, 0.15, 0, 0, 0, NULL, '{"asks": 1, "steps": 1, "round": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (7, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 7, '2026-11-26 16:51:10.056687', 'decision', 'plan', 'planned', 'one ask', NULL, NULL, 0, 0, 0, NULL, '{"asks": 1, "steps": 1, "round": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (8, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 8, '2026-11-26 16:51:10.056687', 'decision', 'step', 'planned', 'search', '36732619370ff497', NULL, 0, 0, 0, NULL, '{"ask": "a1", "intent": null, "tool": "search_knowledge"}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (9, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 9, '2026-11-26 16:51:10.092910', 'attempt', 'search_knowledge', 'planned', 'ok', '7ba34e05e2e9a04d', 0.41, 0, 0, 0, NULL, '{"attempt": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (10, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 10, '2026-11-26 16:51:10.127394', 'call', 'search_knowledge', 'planned', 'ok', '7ba34e05e2e9a04d', 33.78, 0, 0, 0, NULL, '{"attempts": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (11, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 11, '2026-11-26 16:51:10.139871', 'step', 'gather', 'planned', 'ok', NULL, 70.95, 0, 0, 0, NULL, '{"evidence": 1, "tool": "search_knowledge", "ask": "a1", "intent": null}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (12, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 12, '2026-11-26 16:51:10.155822', 'step', 'assess', 'planned', 'draft', NULL, 0.13, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (13, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 13, '2026-11-26 16:51:10.155822', 'decision', 'confidence', 'planned', 'supported', NULL, NULL, 0, 0, 0, NULL, '{"ask": "a1", "confidence": 0.95, "threshold": 0.6, "threshold_source": "", "sources": ["reset"]}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (14, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 14, '2026-11-26 16:51:10.155822', 'decision', 'assess', 'planned', 'draft', NULL, NULL, 0, 0, 0, NULL, '{"reason": null}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (15, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 15, '2026-11-26 16:51:10.176072', 'step', 'draft', 'planned', 'reply', NULL, 0.09, 0, 0, 0, NULL, '{"attempt": 1, "claims": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (16, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 16, '2026-11-26 16:51:10.200032', 'step', 'check', 'planned', 'pass', NULL, 0.23, 0, 0, 0, NULL, '{"findings": 0, "lowest_grounding": 1.0, "grounding_limit": 0.5}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (17, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 17, '2026-11-26 16:51:10.235434', 'attempt', 'deliver_reply', 'deliver', 'ok', 'a81356b81072fe77', 0.24, 0, 0, 0, NULL, '{"attempt": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (18, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 18, '2026-11-26 16:51:10.252192', 'call', 'deliver_reply', 'deliver', 'ok', 'a81356b81072fe77', 30.76, 0, 0, 0, NULL, '{"attempts": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (19, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 19, '2026-11-26 16:51:10.268203', 'step', 'deliver', 'deliver', 'ok', NULL, 47.15, 0, 0, 0, NULL, '{"sources": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (20, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 20, '2026-11-26 16:51:10.277268', 'step', 'remember', 'planned', 'ok', NULL, 5.72, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (21, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 21, '2026-11-26 16:51:10.290606', 'ticket', 'settle', 'planned', 'delivered', NULL, NULL, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (22, 'tkt_01m8cc98veda14myht5pekjavh', 'acme', 1, 1, 22, '2026-11-26 16:51:10.323493', 'ticket', 'message', 'customer', 'settled', NULL, NULL, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (23, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 0, 1, '2026-11-26 16:51:10.344933', 'ticket', 'accept', 'accepted', 'ok', NULL, NULL, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (24, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 2, '2026-11-26 16:51:10.389296', 'run', 'drive', 'accepted', 'started', NULL, NULL, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (25, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 3, '2026-11-26 16:51:10.409209', 'step', 'triage', 'planned', 'ok', NULL, 0.1, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (26, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 4, '2026-11-26 16:51:10.409209', 'decision', 'intent', 'planned', 'none', NULL, NULL, 0, 0, 0, NULL, '{"confidence": 1.0, "threshold": 0.0}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (27, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 5, '2026-11-26 16:51:10.409209', 'decision', 'screen', 'planned', 'go on', NULL, NULL, 0, 0, 0, NULL, '{"injection": 0.0, "language": "und", "personal_data": 0, "truncated": false}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (28, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 6, '2026-11-26 16:51:10.413145', 'step', 'plan', 'planned', 'ok', NULL, 0.12, 0, 0, 0, NULL, '{"asks": 1, "steps": 1, "round": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (29, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 7, '2026-11-26 16:51:10.413145', 'decision', 'plan', 'planned', 'one ask', NULL, NULL, 0, 0, 0, NULL, '{"asks": 1, "steps": 1, "round": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (30, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 8, '2026-11-26 16:51:10.413145', 'decision', 'step', 'planned', 'search', 'eb0d65b4ae9f1d8e', NULL, 0, 0, 0, NULL, '{"ask": "a1", "intent": null, "tool": "search_knowledge"}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (31, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 9, '2026-11-26 16:51:10.434099', 'attempt', 'search_knowledge', 'planned', 'ok', 'ffaedffbe6744c40', 0.31, 0, 0, 0, NULL, '{"attempt": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (32, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 10, '2026-11-26 16:51:10.448021', 'call', 'search_knowledge', 'planned', 'ok', 'ffaedffbe6744c40', 19.05, 0, 0, 0, NULL, '{"attempts": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (33, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 11, '2026-11-26 16:51:10.450162', 'step', 'gather', 'planned', 'ok', NULL, 33.31, 0, 0, 0, NULL, '{"evidence": 1, "tool": "search_knowledge", "ask": "a1", "intent": null}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (34, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 12, '2026-11-26 16:51:10.460697', 'step', 'assess', 'planned', 'replan', NULL, 0.11, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (35, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 13, '2026-11-26 16:51:10.460697', 'decision', 'confidence', 'planned', 'not supported', NULL, NULL, 0, 0, 0, NULL, '{"ask": "a1", "confidence": 0.1, "threshold": 0.6, "threshold_source": "", "sources": ["reset"]}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (36, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 14, '2026-11-26 16:51:10.460697', 'decision', 'assess', 'planned', 'replan', NULL, NULL, 0, 0, 0, NULL, '{"reason": null}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (37, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 15, '2026-11-26 16:51:10.464484', 'step', 'plan', 'replan', 'ok', NULL, 0.11, 0, 0, 0, NULL, '{"asks": 1, "steps": 0, "round": 2, "already_done": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (38, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 16, '2026-11-26 16:51:10.464484', 'decision', 'plan', 'replan', 'one ask', NULL, NULL, 0, 0, 0, NULL, '{"asks": 1, "steps": 0, "round": 2, "already_done": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (39, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 17, '2026-11-26 16:51:10.464484', 'decision', 'step', 'duplicate_suppressed', 'already_done', 'eb0d65b4ae9f1d8e', NULL, 0, 0, 0, NULL, '{"ask": "a1", "tool": "search_knowledge"}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (40, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 18, '2026-11-26 16:51:10.468273', 'step', 'assess', 'planned', 'hand_off', NULL, 0.1, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (41, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 19, '2026-11-26 16:51:10.468273', 'decision', 'confidence', 'planned', 'not supported', NULL, NULL, 0, 0, 0, NULL, '{"ask": "a1", "confidence": 0.1, "threshold": 0.6, "threshold_source": "", "sources": ["reset"]}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (42, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 20, '2026-11-26 16:51:10.468273', 'decision', 'assess', 'planned', 'hand_off', NULL, NULL, 0, 0, 0, NULL, '{"reason": "low_confidence"}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (43, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 21, '2026-11-26 16:51:10.523424', 'attempt', 'notify', 'deliver', 'ok', '80d31c9eb0a5387f', 0.24, 0, 0, 0, NULL, '{"attempt": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (44, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 22, '2026-11-26 16:51:10.538391', 'call', 'notify', 'deliver', 'ok', '80d31c9eb0a5387f', 31.38, 0, 0, 0, NULL, '{"attempts": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (45, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 23, '2026-11-26 16:51:10.556537', 'step', 'hand_off', 'planned', 'low_confidence', NULL, 84.7, 0, 0, 0, NULL, '{"detail": "Confidence 0.10 is under 0.60. It was planned 2 times, 1 step in all, until the limit of 1 replan stopped it.", "customer_told": true}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (46, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', 1, 1, 24, '2026-11-26 16:51:10.581335', 'wait', 'person', 'hand_off', 'low_confidence', NULL, NULL, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (47, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 0, 1, '2026-11-26 16:51:10.649465', 'ticket', 'accept', 'accepted', 'ok', NULL, NULL, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (48, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 2, '2026-11-26 16:51:10.665316', 'run', 'drive', 'accepted', 'started', NULL, NULL, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (49, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 3, '2026-11-26 16:51:10.690690', 'step', 'triage', 'planned', 'ok', NULL, 0.1, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (50, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 4, '2026-11-26 16:51:10.690690', 'decision', 'intent', 'planned', 'none', NULL, NULL, 0, 0, 0, NULL, '{"confidence": 1.0, "threshold": 0.0}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (51, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 5, '2026-11-26 16:51:10.690690', 'decision', 'screen', 'planned', 'go on', NULL, NULL, 0, 0, 0, NULL, '{"injection": 0.0, "language": "und", "personal_data": 0, "truncated": false}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (52, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 6, '2026-11-26 16:51:10.694536', 'step', 'plan', 'planned', 'ok', NULL, 0.13, 0, 0, 0, NULL, '{"asks": 1, "steps": 1, "round": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (53, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 7, '2026-11-26 16:51:10.694536', 'decision', 'plan', 'planned', 'one ask', NULL, NULL, 0, 0, 0, NULL, '{"asks": 1, "steps": 1, "round": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (54, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 8, '2026-11-26 16:51:10.694536', 'decision', 'step', 'planned', 'search', '17160de92b53cb13', NULL, 0, 0, 0, NULL, '{"ask": "a1", "intent": null, "tool": "search_knowledge"}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (55, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 9, '2026-11-26 16:51:10.711145', 'attempt', 'search_knowledge', 'planned', 'ok', '4191a85903a39019', 0.3, 0, 0, 0, NULL, '{"attempt": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (56, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 10, '2026-11-26 16:51:10.723280', 'call', 'search_knowledge', 'planned', 'ok', '4191a85903a39019', 14.4, 0, 0, 0, NULL, '{"attempts": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (57, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 11, '2026-11-26 16:51:10.725442', 'step', 'gather', 'planned', 'ok', NULL, 26.9, 0, 0, 0, NULL, '{"evidence": 1, "tool": "search_knowledge", "ask": "a1", "intent": null}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (58, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 12, '2026-11-26 16:51:10.733660', 'step', 'assess', 'planned', 'replan', NULL, 0.11, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (59, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 13, '2026-11-26 16:51:10.733660', 'decision', 'confidence', 'planned', 'not supported', NULL, NULL, 0, 0, 0, NULL, '{"ask": "a1", "confidence": 0.1, "threshold": 0.6, "threshold_source": "", "sources": ["reset"]}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (60, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 14, '2026-11-26 16:51:10.733660', 'decision', 'assess', 'planned', 'replan', NULL, NULL, 0, 0, 0, NULL, '{"reason": null}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (61, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 15, '2026-11-26 16:51:10.737658', 'step', 'plan', 'replan', 'ok', NULL, 0.21, 0, 0, 0, NULL, '{"asks": 1, "steps": 0, "round": 2, "already_done": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (62, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 16, '2026-11-26 16:51:10.737658', 'decision', 'plan', 'replan', 'one ask', NULL, NULL, 0, 0, 0, NULL, '{"asks": 1, "steps": 0, "round": 2, "already_done": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (63, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 17, '2026-11-26 16:51:10.737658', 'decision', 'step', 'duplicate_suppressed', 'already_done', '17160de92b53cb13', NULL, 0, 0, 0, NULL, '{"ask": "a1", "tool": "search_knowledge"}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (64, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 18, '2026-11-26 16:51:10.741453', 'step', 'assess', 'planned', 'hand_off', NULL, 0.11, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (65, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 19, '2026-11-26 16:51:10.741453', 'decision', 'confidence', 'planned', 'not supported', NULL, NULL, 0, 0, 0, NULL, '{"ask": "a1", "confidence": 0.1, "threshold": 0.6, "threshold_source": "", "sources": ["reset"]}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (66, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 20, '2026-11-26 16:51:10.741453', 'decision', 'assess', 'planned', 'hand_off', NULL, NULL, 0, 0, 0, NULL, '{"reason": "low_confidence"}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (67, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 21, '2026-11-26 16:51:10.765096', 'attempt', 'notify', 'deliver', 'ok', '80d31c9eb0a5387f', 0.16, 0, 0, 0, NULL, '{"attempt": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (68, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 22, '2026-11-26 16:51:10.767888', 'call', 'notify', 'deliver', 'ok', '80d31c9eb0a5387f', 13.44, 0, 0, 0, NULL, '{"attempts": 1}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (69, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 23, '2026-11-26 16:51:10.771825', 'step', 'hand_off', 'planned', 'low_confidence', NULL, 27.11, 0, 0, 0, NULL, '{"detail": "Confidence 0.10 is under 0.60. It was planned 2 times, 1 step in all, until the limit of 1 replan stopped it.", "customer_told": true}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (70, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 24, '2026-11-26 16:51:10.790955', 'wait', 'person', 'hand_off', 'low_confidence', NULL, NULL, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (71, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 25, '2026-11-26 16:51:10.819022', 'person', 'decided', 'person', 'decided', NULL, NULL, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (72, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', 1, 1, 26, '2026-11-26 16:51:10.820584', 'decision', 'person', 'reply', 'decided', NULL, NULL, 0, 0, 0, NULL, '{}');
INSERT INTO journal (id, ticket_id, tenant, turn, epoch, seq, at, kind, name, cause, outcome, fingerprint, duration_ms, tokens_in, tokens_out, cost_micros, error, numbers) VALUES (73, 'tkt_01m8cc99v6z4ytz88qvrzqaa1g', 'acme', 1, 0, 1, '2026-11-26 16:51:10.825360', 'ticket', 'accept', 'accepted', 'ok', NULL, NULL, 0, 0, 0, NULL, '{}');
INSERT INTO memories (id, tenant, ticket_id, turn, customer, intent, question, answer, origin, sources, model_revision, created_at, expires_at) VALUES ('e7f66fa95cd43dcd6448087e47c0bba9', 'acme', 'tkt_01m8cc98veda14myht5pekjavh', 1, '3925ccfb58c5af813dbf24da25b55261eab6667815200f646da1f6ac562c7216', NULL, 'How do I reset it?', 'Hello,
Open the settings and press Reset; a link is sent to your address.', 'agent', 'reset', 'hash-1', '2026-11-26 16:51:10.270649', '2027-11-26 16:51:10.270527');
INSERT INTO messages (id, ticket_id, seq, turn, role, kind, text, citations, author, key, body_digest, created_at) VALUES (1, 'tkt_01m8cc98veda14myht5pekjavh', 1, 1, 'customer', 'message', 'How do I reset it?', '[]', NULL, NULL, NULL, '2026-11-26 16:51:09.881075');
INSERT INTO messages (id, ticket_id, seq, turn, role, kind, text, citations, author, key, body_digest, created_at) VALUES (2, 'tkt_01m8cc98veda14myht5pekjavh', 2, 1, 'agent', 'reply', 'Hello,
Open the settings and press Reset; a link is sent to your address.', '[{"source": "reset", "title": "Reset your password", "kind": "article"}]', NULL, 'reply:1:0', NULL, '2026-11-26 16:51:10.261031');
INSERT INTO messages (id, ticket_id, seq, turn, role, kind, text, citations, author, key, body_digest, created_at) VALUES (3, 'tkt_01m8cc98veda14myht5pekjavh', 3, 2, 'customer', 'message', 'Thank you. And how do I cancel it?', '[]', NULL, NULL, '', '2026-11-26 16:51:10.318238');
INSERT INTO messages (id, ticket_id, seq, turn, role, kind, text, citations, author, key, body_digest, created_at) VALUES (4, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 1, 1, 'customer', 'message', 'Where is my order? #person', '[]', NULL, NULL, NULL, '2026-11-26 16:51:10.343958');
INSERT INTO messages (id, ticket_id, seq, turn, role, kind, text, citations, author, key, body_digest, created_at) VALUES (5, 'tkt_01m8cc99c3rja6vwq7y8f4g490', 2, 1, 'agent', 'notice', 'Thank you for your message. A colleague is looking into it and will reply.', '[]', NULL, 'notice:1', NULL, '2026-11-26 16:51:10.545087');
INSERT INTO messages (id, ticket_id, seq, turn, role, kind, text, citations, author, key, body_digest, created_at) VALUES (6, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 1, 1, 'customer', 'message', 'My refund, please. #person', '[]', NULL, NULL, NULL, '2026-11-26 16:51:10.648042');
INSERT INTO messages (id, ticket_id, seq, turn, role, kind, text, citations, author, key, body_digest, created_at) VALUES (7, 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', 2, 1, 'agent', 'notice', 'Thank you for your message. A colleague is looking into it and will reply.', '[]', NULL, 'notice:1', NULL, '2026-11-26 16:51:10.769942');
INSERT INTO messages (id, ticket_id, seq, turn, role, kind, text, citations, author, key, body_digest, created_at) VALUES (8, 'tkt_01m8cc99v6z4ytz88qvrzqaa1g', 1, 1, 'customer', 'message', 'Waits in the queue.', '[]', NULL, NULL, NULL, '2026-11-26 16:51:10.824500');
INSERT INTO tickets (id, tenant, subject, customer_email, customer_name, headers, status, outcome, intent, confidence, reason, turn, run, epoch, handled, redrives, interrupt_id, idempotency_key, body_digest, created_at, updated_at, ended_at) VALUES ('tkt_01m8cc98veda14myht5pekjavh', 'acme', '', 'ada@example.com', 'Ada', '{}', 'queued', NULL, NULL, 1.0, NULL, 2, 2, 1, 1, 0, NULL, NULL, '', '2026-11-26 16:51:09.866108', '2026-11-26 16:51:10.325598', NULL);
INSERT INTO tickets (id, tenant, subject, customer_email, customer_name, headers, status, outcome, intent, confidence, reason, turn, run, epoch, handled, redrives, interrupt_id, idempotency_key, body_digest, created_at, updated_at, ended_at) VALUES ('tkt_01m8cc99c3rja6vwq7y8f4g490', 'acme', '', 'bo@example.com', 'Bo', '{}', 'waiting', 'with_person', NULL, 1.0, 'low_confidence', 1, 1, 1, 1, 0, 'a54e6aaa2c6abc8bc839df361dd765d9', NULL, '', '2026-11-26 16:51:10.339445', '2026-11-26 16:51:10.576315', '2026-11-26 16:51:10.580387');
INSERT INTO tickets (id, tenant, subject, customer_email, customer_name, headers, status, outcome, intent, confidence, reason, turn, run, epoch, handled, redrives, interrupt_id, idempotency_key, body_digest, created_at, updated_at, ended_at) VALUES ('tkt_01m8cc99nb9hkv1g1x8hqj7kat', 'acme', '', 'ada@example.com', 'Ada', '{}', 'queued', 'with_person', NULL, 1.0, 'low_confidence', 1, 2, 1, 1, 0, '329296965456ae0de30838cb78fda47a', NULL, '', '2026-11-26 16:51:10.635301', '2026-11-26 16:51:10.820900', '2026-11-26 16:51:10.790205');
INSERT INTO tickets (id, tenant, subject, customer_email, customer_name, headers, status, outcome, intent, confidence, reason, turn, run, epoch, handled, redrives, interrupt_id, idempotency_key, body_digest, created_at, updated_at, ended_at) VALUES ('tkt_01m8cc99v6z4ytz88qvrzqaa1g', 'acme', '', NULL, NULL, '{}', 'queued', NULL, NULL, NULL, NULL, 1, 1, 0, 0, 0, NULL, NULL, '', '2026-11-26 16:51:10.823062', '2026-11-26 16:51:10.823075', NULL);
INSERT INTO handoff_text (rowid, handoff_id, tenant, ticket_id, subject, explanation, customer, ids) VALUES (546708591027110846, 'hnd_841cbe6a786c767065b2eb1b', 'acme', 'tkt_01m8cc99nb9hkv1g1x8hqj7kat', '', 'The evidence does not answer it well enough. Confidence 0.10 is under 0.60. It was planned 2 times, 1 step in all, until the limit of 1 replan stopped it.', 'ada@example.com Ada', 'tkt_01m8cc99nb9hkv1g1x8hqj7kat hnd_841cbe6a786c767065b2eb1b');
INSERT INTO handoff_text (rowid, handoff_id, tenant, ticket_id, subject, explanation, customer, ids) VALUES (1030070798527884385, 'hnd_71fcb14e10e807abcfdfe50a', 'acme', 'tkt_01m8cc99c3rja6vwq7y8f4g490', '', 'The evidence does not answer it well enough. Confidence 0.10 is under 0.60. It was planned 2 times, 1 step in all, until the limit of 1 replan stopped it.', 'bo@example.com Bo', 'tkt_01m8cc99c3rja6vwq7y8f4g490 hnd_71fcb14e10e807abcfdfe50a');
