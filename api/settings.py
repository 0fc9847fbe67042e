"""Settings of a process, from the environment (`DESKHAND_...`) or a `.env` file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from memory.regular_files import read_regular
from memory.sealing.keyring import SETTING, EncryptionRefused, Keyring, read_keyring
from memory.storage.hmac_key import read_hmac_key
from memory.storage.kept_secrets import IN_FILE, Variables
from memory.storage.urls import is_sqlite, standard_url
from tools.outside import web_address

if TYPE_CHECKING:
    from memory.files.incoming import Room
    from memory.storage.kept_state import KeptStates

MOST_AT_ONCE = 1_000
"""Runs of one worker: a run that waits for a model holds no thread and no connection."""
CHROMA_PORT = 8000
"""Where `chroma run` listens unless it is told."""
MOST_KEY_BYTES = 10_000
"""Read of a file of keys; eight keys take 400."""


def user_cache() -> Path:
    """The user's own cache folder; `.cache` where the user has no home."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    if given and Path(given).is_absolute():  # others are to be ignored, says the specification
        return Path(given) / "deskhand"
    try:
        return Path.home() / ".cache" / "deskhand"
    except RuntimeError:
        return Path(".cache")


_DATABASES = ("sqlite:", "postgresql://", "postgresql+psycopg://", "postgres://")
"""How the address of a ledger may begin; no other driver is part of Deskhand."""


class Settings(BaseSettings):
    """Where things are and how much runs at once; see `read_settings`."""

    model_config = SettingsConfigDict(env_prefix="DESKHAND_", env_file=".env", extra="ignore")

    home: Path = Path(".deskhand")
    """Folder of everything that survives a restart."""
    desk: Path = Path("desk.yaml")
    """A desk.yaml, or a folder of them: one for each tenant."""
    cache: Path = Field(default_factory=user_cache)
    """Folder of what can be made again, such as the exported encoder: one for a user, whatever the
    working folder is ($XDG_CACHE_HOME/deskhand, or ~/.cache/deskhand)."""
    database_url: str | None = None
    """The ledger; SQLite in `home` where nothing is said. Postgres with a standby is
    `postgresql://user@one:5432,two:5432/desk?target_session_attrs=read-write`."""
    chroma_url: str | None = None
    """host:port of a `chroma run`; the embedded index in `home` where nothing is said."""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    worker_concurrency: int = Field(default=4, ge=1, le=MOST_AT_ONCE)
    """Runs that one worker drives at once."""
    tenant_concurrency: int = Field(default=2, ge=1, le=MOST_AT_ONCE)
    """Runs of one tenant at once in each worker: below the worker's own, so that no tenant can hold
    all of it. A desk's `weight` multiplies it."""
    tenant_starts_per_minute: int | None = Field(default=None, ge=1)
    """Runs of one tenant that may begin in a minute, over all workers; no limit unless it is set. A
    desk's `weight` multiplies it."""
    polling_seconds: float = Field(default=0.1, gt=0, le=5)
    """How often a worker looks for jobs."""
    lease_poll_seconds: float = Field(default=0.5, gt=0, le=60)
    """How often a worker looks for the jobs of dead ones."""
    sweep_seconds: float = Field(default=5.0, gt=0, le=3600)
    """How often a worker looks for tickets without a live run."""
    watchdog_seconds: float = Field(default=5.0, ge=1, le=3600)
    """A process whose event loop is silent for so long is killed by `deskhand up`; a worker
    without a supervisor ends itself after three times as long."""
    worker_memory_mb: int | None = Field(default=None, ge=100)
    """A worker that holds more is ended, and its jobs are taken over; no limit unless it is set."""
    minds: Literal["local", "scripted"] = "local"
    """Which family decides; `scripted` is for tests and benchmarks of the engine."""
    encoder: Path | None = None
    """Folder that `deskhand encoder export` wrote, so that this machine needs neither torch nor the
    model's package; unless it is set, the model is exported here, once, into `cache`."""
    encoder_threads: int = Field(default=2, ge=1, le=64)
    max_body_bytes: int = Field(default=1_000_000, ge=1_000)
    """Larger request bodies get 413."""
    max_text_chars: int = Field(default=100_000, ge=100)
    """Longer message texts get 422."""
    max_file_bytes: int = Field(default=10_000_000, ge=1_000, le=50_000_000)
    """Of one file that comes with a message; a larger one is listed, and its bytes are not kept."""
    tenant_file_bytes: int = Field(default=5_000_000_000, ge=0)
    """Of all files of one tenant that are kept."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks (JSON list) whose X-Forwarded-For and X-Forwarded-Proto are believed,
    such as ["10.0.0.5"]; unless it is set, those headers mean nothing."""
    webhook_private_hosts: tuple[str, ...] = ()
    """Hosts (JSON list) that webhooks may reach although their address is a private one."""
    queue_depth: int = Field(default=2_000, ge=1)
    """Waiting tickets of one tenant above which new ones get 429."""
    otlp_endpoint: str | None = None
    """Base URL of an OTLP collector that gets the traces, such as http://127.0.0.1:4318; none are
    made where neither this nor OpenTelemetry's own OTEL_EXPORTER_OTLP_ENDPOINT is set."""
    trace_share: float = Field(default=1.0, ge=0, le=1)
    """Part of all tickets that is traced."""
    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    """A Prometheus server sends it as a bearer token; without it /metrics does not exist."""
    checkpoint_days: int = Field(default=7, ge=0, le=36_500)
    """Days for which a settled ticket's checkpoint is kept: `deskhand replay` reads it."""
    story_days: int = Field(default=400, ge=1, le=36_500)
    """Days for which the story of a settled ticket's handoff is kept."""
    text_days: int = Field(default=1_095, ge=1, le=36_500)
    """Days after which a settled ticket goes, with its messages and all that hangs on it."""
    memory_days: int = Field(default=365, ge=1, le=36_500)
    """Days for which settled tickets are remembered as examples; none is for more than 365."""
    audit_days: int = Field(default=730, ge=1, le=36_500)
    """Days for which it is kept who did what at the desk."""
    engine_days: int = Field(default=30, ge=1, le=36_500)
    """Days for which the engine's ended jobs are kept."""
    journal_days: int = Field(default=400, ge=1, le=36_500)
    """Days for which a settled ticket's journal is kept."""

    identity_key: SecretStr | None = None
    """Keys the digests of one-time codes, 16 characters or more: set it where API and workers
    share no data folder. Where nothing is said it is made once: a file in `home`, or on Postgres
    a row that all share."""

    encryption_key: SecretStr | None = None
    """Seals texts, stories, checkpoints and memories at rest: 32 random bytes in base64, as `deskhand
    encryption key` prints them. Older keys stand behind it, separated by commas, until `deskhand
    encryption rekey` says that they are not needed. Unless it is set, texts are not encrypted."""
    encryption_key_file: Path | None = None
    """A file that holds the same, for who keeps secrets in files."""

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            try:
                ip_network(one)
            except ValueError as error:
                msg = f"{one!r} is not an address or network: write it as 10.0.0.5 or 10.0.0.0/24"
                raise ValueError(msg) from error
        return value

    @field_validator("database_url")
    @classmethod
    def _is_known(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(_DATABASES):
            raise ValueError("use postgresql://user@host/database, or leave it out for SQLite")
        return None if value is None else value.replace("postgres://", "postgresql://", 1)

    @field_validator("chroma_url")
    @classmethod
    def _is_host_and_port(cls, value: str | None) -> str | None:
        return vector_server(value) if value else None

    @cached_property
    def hmac_key(self) -> bytes:
        """The secret behind one-time codes, looked up once.

        Raises `ValueError` for one that is too short, and `StorageUnavailable`.
        """
        key = self.identity_key
        given = None if key is None else key.get_secret_value()
        return read_hmac_key(self.home, given, self.ledger_url)

    @cached_property
    def keyring(self) -> Keyring | None:
        """The keys that texts are sealed with; None where they are not encrypted.

        Raises `EncryptionRefused` for what is no key, and `OSError` for a file that cannot be read.
        """
        given, file = self.encryption_key, self.encryption_key_file
        if given is not None and file is not None:
            raise EncryptionRefused(f"{SETTING} and {SETTING}_FILE are both set: set one of them")
        if given is not None:
            return read_keyring(given.get_secret_value())
        if file is None:
            return None
        return read_keyring(read_regular(file, MOST_KEY_BYTES), f"{SETTING}_FILE")

    @property
    def file_room(self) -> Room:
        """How much is kept of files."""
        from memory.files.incoming import Room  # not every command opens the ledger

        return Room(self.max_file_bytes, self.tenant_file_bytes)

    @cached_property
    def shared(self) -> KeptStates | None:
        """What machines without a shared folder know of each other; None for a ledger in a file.

        Raises `EncryptionRefused` for what is no key, and `OSError`.
        """
        if is_sqlite(self.ledger_url):
            return None
        from memory.storage.database import CONNECTING
        from memory.storage.kept_state import KeptStates  # it brings the driver

        return KeptStates(self.ledger_url, self.keyring, CONNECTING)

    @property
    def variables(self) -> Mapping[str, str]:
        """What desk.yaml's `${NAME}` stand for: the environment, then the kept secrets."""
        return Variables(self.home, os.environ, self.shared)

    def sets(self, name: str) -> bool:
        """Whether the environment says what this variable is."""
        return bool({name, name + IN_FILE} & os.environ.keys())

    @property
    def address(self) -> str:
        """Where this machine's API is, as a URL; an IPv6 address stands in brackets."""
        return f"http://{bracketed(self.host)}:{self.port}"

    @property
    def ledger_url(self) -> str:
        """URL of the ledger's database."""
        if self.database_url is None:
            return f"sqlite:///{self.home.resolve() / 'deskhand.db'}"
        return standard_url(self.database_url)

    @property
    def kept_days(self) -> dict[str, int]:
        """Days for which each class of data is kept."""
        return {
            "checkpoints": self.checkpoint_days,
            "journal": self.journal_days,
            "stories": self.story_days,
            "texts": self.text_days,
            "memories": self.memory_days,
            "audit": self.audit_days,
            "engine": self.engine_days,
        }

    @property
    def erased_path(self) -> Path:
        """The list of erased people, by keyed digests: a restored backup is erased of them again."""
        return self.home / "erased.jsonl"

    @property
    def kept_desks_path(self) -> Path:
        """Folder of the desks as they were read well last: one whose file broke goes on with it."""
        return self.home / "kept-desks"

    @property
    def chroma_path(self) -> Path:
        """Folder of the embedded vector index."""
        return self.home / "chroma"

    @property
    def locks_path(self) -> Path:
        """Folder of the workers' leases."""
        return self.home / "locks"


def bracketed(host: str) -> str:
    """A host as it stands in a URL."""
    bare = unbracketed(host)
    return f"[{bare.replace('%', '%25')}]" if ":" in bare else bare


def unbracketed(host: str) -> str:
    """A host as it is listened on: `::1` for `[::1]`."""
    return host.removeprefix("[").removesuffix("]")


def read_settings() -> Settings:
    """The settings of this process: the one place that reads the environment and `.env`.

    Raises `pydantic.ValidationError`, which names the variable.
    """
    return Settings()


def vector_server(value: str) -> str:
    """`host:port` of a Chroma, however its address was written. Raises `ValueError`."""
    with suppress(ValueError):
        parts = web_address(value if "://" in value else f"http://{value}")
        if parts.scheme == "http" and parts.path in {"", "/"}:
            return f"{bracketed(parts.hostname or '')}:{parts.port or CHROMA_PORT}"
    raise ValueError("write it as host:port, such as vectors.internal:8000")
