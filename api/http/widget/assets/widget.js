/* Deskhand's help window: one script tag, no cookie, nothing loaded from anywhere else.
 *
 * <script src="https://desk.example.com/widget.js" data-desk="acme" async></script>
 *
 * data-identity may hold the website's signed token on who is logged in. What a visitor writes is
 * kept in this browser until the desk has it, and sent again with the same id until it does.
 */
(() => {
  "use strict";
  const tag = document.currentScript;
  if (!tag || !tag.dataset.desk || window.deskhandWidget) return;
  const base = new URL(tag.src).origin;
  const desk = tag.dataset.desk;
  const root = `${base}/v1/widget/${encodeURIComponent(desk)}`;
  const WAIT_SECONDS = 25;
  const IDLE_MS = 4000;
  const FIRST_PAUSE_MS = 1000;
  const LONGEST_PAUSE_MS = 30000;
  const MOST_UNSENT = 20;
  const MOST_FILES = 10;
  const SAVING_MS = 60000;
  const GAP_PX = 10;
  let identity = tag.dataset.identity || "";

  /* Until the desk has said what is said in its language. */
  let say = {
    open: "Open help", close: "Close", write: "Your message", send: "Send", sources: "Sources",
    working: "Looking for an answer…", person: "A colleague has your question and will answer here.",
    offline: "You are offline. What you write is sent when you are back.",
    trouble: "The desk cannot be reached. What you write is sent as soon as it can.",
    waits: "waits to be sent", refused: "was not sent: ", again: "Start over", you: "You",
    agent: "Assistant", colleague: "Colleague", fresh: "New answer",
    attach: "Attach a file", remove: "Remove", loading: "is being uploaded", large: "is too large",
    save: "Save", table: "Table",
  };

  /* What this browser keeps: the conversation's secret. */
  const who = () => {
    try {
      const claims = atob(identity.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"));
      return JSON.parse(claims).email || "";
    } catch {
      return "";
    }
  };
  let slot = `deskhand:${desk}:${who()}`;
  let memory = {};
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(slot)) || {};
    } catch {
      return memory;
    }
  };
  const keep = (change) => {
    memory = { ...kept(), ...change };
    try {
      localStorage.setItem(slot, JSON.stringify(memory));
    } catch {
      /* a browser that keeps nothing still has the open page */
    }
  };
  /* What was not sent yet, in the order of writing: each message has a place of its own, since what one tab
     has just put down another one may not see for a moment, and would write over. */
  const unkept = new Map();
  const unsent = () => {
    let found = [...unkept.values()];
    try {
      const names = Object.keys(localStorage).filter((name) => name.startsWith(`${slot}:`));
      found = [...names.map((name) => JSON.parse(localStorage.getItem(name))).filter(Boolean), ...found];
    } catch {
      /* as above */
    }
    return found.sort((one, other) => one.at - other.at);
  };
  const enter = (one) => {
    one.at = Math.max(Date.now(), ...unsent().map((other) => other.at + 1));
    try {
      localStorage.setItem(`${slot}:${one.id}`, JSON.stringify(one));
    } catch {
      unkept.set(one.id, one);
    }
  };
  const leave = (id, place = slot) => {
    unkept.delete(id);
    try {
      localStorage.removeItem(`${place}:${id}`);
    } catch {
      /* as above */
    }
  };
  const random = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
  };
  const secret = () => {
    if (!kept().secret) keep({ secret: `dkv_${random()}` });
    return kept().secret;
  };

  const ask = async (path, options = {}) => {
    const answer = await fetch(root + path, {
      ...options,
      credentials: "omit",
      headers: { ...(path ? { Authorization: `Bearer ${secret()}` } : {}), ...(options.headers || {}) },
    });
    if (answer.ok && options.bytes) return answer.blob();
    const found = await answer.json().catch(() => ({}));
    if (answer.ok) return found;
    const error = new Error(found.detail || `HTTP ${answer.status}`);
    error.status = answer.status;
    error.pause = 1000 * Number(found.retry_after || answer.headers.get("Retry-After") || 0);
    throw error;
  };

  /* The window. */
  const make = (name, props = {}, ...inside) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(props)) {
      if (key === "class") made.className = value;
      else if (key === "text") made.textContent = value;
      else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else made.setAttribute(key, value);
    }
    made.append(...inside);
    return made;
  };
  /* Signs are drawn: a visitor's fonts may not have them. */
  const CLIP = "M8 13l6.5-6.5a2.8 2.8 0 0 1 4 4l-8.4 8.4a4.7 4.7 0 0 1-6.6-6.6L12 4";
  const CROSS = "M6 6l12 12M18 6L6 18";
  const sign = (path) => {
    const [svg, line] = ["svg", "path"].map((one) => document.createElementNS("http://www.w3.org/2000/svg", one));
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  };
  const STYLE = `
    :host { all: initial; --ink: #1c1e21; --paper: #fff; --soft: #f0f2f5; --line: #767b83;
      --accent: #1f5fbf; --on: #fff; --bad: #b3261e; color-scheme: light dark; }
    @media (prefers-color-scheme: dark) { :host { --ink: #e8eaed; --paper: #1f2124; --soft: #2c2f33;
      --line: #8b9199; --accent: #8ab4f8; --on: #10213d; --bad: #f2b8b5; } }
    * { box-sizing: border-box; font: 15px/1.45 system-ui, sans-serif; }
    button { cursor: pointer; border: 0; border-radius: 8px; background: var(--accent); color: var(--on);
      padding: 8px 14px; min-height: 40px; }
    button.quiet { background: transparent; color: var(--ink); }
    button[disabled] { opacity: .5; cursor: default; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    .launch { position: fixed; right: 20px; bottom: 20px; border-radius: 999px; padding: 12px 20px;
      font-weight: 600; box-shadow: 0 2px 10px #0005; z-index: 2147483000; }
    .window { position: fixed; right: 20px; bottom: 20px; width: min(380px, calc(100vw - 24px));
      height: min(580px, calc(100vh - 40px)); display: flex; flex-direction: column; overflow: hidden;
      color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 14px;
      box-shadow: 0 6px 30px #0006; z-index: 2147483000; }
    [hidden] { display: none !important; }
    header { display: flex; align-items: center; gap: 4px; padding: 8px 8px 8px 16px;
      border-bottom: 1px solid var(--line); }
    h2 { margin: 0; flex: 1; font-weight: 600; font-size: 16px; }
    .log { flex: 1; overflow-y: auto; padding: 12px 16px; display: flex; flex-direction: column; gap: 10px; }
    .said { max-width: 88%; align-self: flex-start; background: var(--soft); border-radius: 12px;
      padding: 8px 12px; white-space: pre-wrap; overflow-wrap: anywhere;
      unicode-bidi: plaintext; text-align: start; }
    .said.mine { align-self: flex-end; background: var(--accent); color: var(--on); }
    .table { overflow-x: auto; white-space: normal; /* a shadow at the edge while there is more */
      background: linear-gradient(90deg, transparent, var(--soft) 80%) 100% / 28px 100% no-repeat local,
        linear-gradient(90deg, transparent, #0006) 100% / 14px 100% no-repeat scroll; }
    .said:has(table) { max-width: 100%; }
    table { border-collapse: collapse; width: max-content; }
    th, td { border: 1px solid currentColor; padding: 4px 8px; max-width: 11em; text-align: start;
      vertical-align: top; overflow-wrap: break-word; font-size: 13px; }
    th { font-weight: 600; }
    .by { display: block; font-size: 12px; opacity: .85; }
    button.file { display: block; min-height: 32px; margin-top: 6px; padding: 4px 8px; font-size: 13px;
      text-align: start; background: transparent; color: inherit; border: 1px solid currentColor; }
    .sources { margin: 0; padding: 0; list-style: none; white-space: normal; font-size: 13px; }
    a { color: inherit; }
    .note { font-size: 13px; padding: 0 16px 6px; margin: 0; min-height: 20px; }
    .note.bad { color: var(--bad); }
    form { display: flex; gap: 8px; padding: 10px 12px; border-top: 1px solid var(--line); }
    textarea { flex: 1; resize: none; color: inherit; background: var(--paper); border: 1px solid var(--line);
      border-radius: 8px; padding: 8px; min-height: 44px; }
    .files { display: flex; flex-wrap: wrap; gap: 6px; padding: 0 12px; margin: 0; list-style: none; }
    .files li { font-size: 13px; background: var(--soft); border-radius: 8px; padding: 2px 2px 2px 8px;
      max-width: 100%; overflow-wrap: anywhere; }
    .files button { min-height: 28px; padding: 2px 8px; font-size: 13px; }
    .attach { padding: 8px 10px; }
    svg { width: 1.2em; height: 1.2em; vertical-align: -.25em; fill: none; stroke: currentColor;
      stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    ::placeholder { color: var(--line); opacity: 1; }
    @media (prefers-reduced-motion: no-preference) { .said { animation: in .15s ease-out; } }
    @keyframes in { from { opacity: 0; transform: translateY(4px); } }`;
  const host = make("div", { "data-deskhand": desk });
  const shadow = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];

  const launch = make("button", { class: "launch", type: "button", "aria-expanded": "false",
    "aria-haspopup": "dialog", onclick: () => show(true) });
  const title = make("h2", { id: "t" });
  const over = make("button", { class: "quiet", type: "button", onclick: () => startOver() });
  const shut = make("button", { class: "quiet", type: "button", onclick: () => show(false) }, sign(CROSS));
  const log = make("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" });
  const note = make("p", { class: "note", role: "status" });
  const field = make("textarea", { rows: "2", maxlength: "4000" });
  const send = make("button", { type: "submit" });
  const chosen = make("ul", { class: "files" });
  const picker = make("input", { type: "file", multiple: "", hidden: "", tabindex: "-1",
    onchange: () => { for (const one of picker.files) upload(one); picker.value = ""; } });
  const attach = make("button", { class: "quiet attach", type: "button", hidden: "",
    onclick: () => picker.click() }, sign(CLIP));
  const form = make("form", { onsubmit: (event) => { event.preventDefault(); write(); } },
    attach, picker, field, send);
  const pane = make("section", { class: "window", role: "dialog", "aria-labelledby": "t", hidden: "" },
    make("header", {}, title, over, shut), log, note, chosen, form);
  shadow.append(launch, pane);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      write();
    }
  });
  pane.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
  });

  const state = { open: false, last: 0, doing: "new", shown: new Map(), failed: "", look: {}, epoch: 0 };

  const show = (open) => {
    state.open = open;
    pane.hidden = !open;
    launch.hidden = open;
    launch.setAttribute("aria-expanded", String(open));
    launch.textContent = state.look.title || "Help";
    (open ? field : launch).focus();
    keep({ open });
    if (open) {
      wake();
      flush();
    }
  };

  /* A file is fetched with the conversation's secret and saved; nothing of it is opened in the page. */
  const save = async (file, button) => {
    button.disabled = true;
    try {
      const bytes = await ask(`/files/${file.id}`, { bytes: true });
      const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
      make("a", { href: url, download: file.name }).click();
      setTimeout(() => URL.revokeObjectURL(url), SAVING_MS);
    } catch (error) {
      state.failed = error.status ? error.message : say.trouble;
      tell();
    }
    button.disabled = false;
  };
  const attached = (file, said) => {
    const inside = [sign(CLIP), ` ${file.name}`];
    if (!said || !file.id) return make("span", { class: "by" }, ...inside);
    return make("button", { class: "file", type: "button", "aria-label": `${say.save} ${file.name}`,
      onclick: (event) => save(file, event.currentTarget) }, ...inside);
  };

  /* The text, and the sources that it lists at its end: here those lines can be links. */
  const ended = (one) => {
    const sources = one.sources || [], lines = one.text.trimEnd().split("\n");
    const names = (line, source) => line.endsWith(`] ${source.title}`);
    let end = lines.length;
    while (end > 0 && sources.some((source) => names(lines[end - 1], source))) end -= 1;
    const told = (source) => lines.slice(end).find((line) => names(line, source)) || source.title;
    return [lines.slice(0, end).join("\n"), sources.map((source) => ({ url: source.url, text: told(source) }))];
  };

  /* Addresses that are written out as links; what ends the sentence, or closes a bracket that is
     opened before them, is not of them. */
  const link = (url, text) => make("a", { href: url, target: "_blank", rel: "noopener noreferrer", text });
  const many = (text, sign) => text.split(sign).length;
  const linked = (text) => text.split(/(https?:\/\/[^\s<>"]+)/).flatMap((part, n) => {
    if (n % 2 === 0) return part;
    let end = part.length;
    const closes = () => part[end - 1] !== ")" || many(part.slice(0, end), ")") > many(part.slice(0, end), "(");
    while (".,;:!?'*]})".includes(part[end - 1]) && closes()) end -= 1;
    return [link(part.slice(0, end), part.slice(0, end)), part.slice(end)];
  });

  /* A table that is written with bars as a table; all else, and what is in its cells, stays text and links. */
  const barred = (line) => /^\|.*\|$/.test((line || "").trim());
  const cells = (line) => line.trim().slice(1, -1).replaceAll("\\|", "\0").split("|")
    .map((cell) => cell.trim().replaceAll("\0", "|"));
  const ruled = (line) => cells(line).every((cell) => /^:?-+:?$/.test(cell));
  const row = (line, head) => make("tr", {}, ...cells(line).map((text, n) =>
    text && (head || n === 0) ? make("th", { scope: head ? "col" : "row" }, ...linked(text)) : make("td", {}, ...linked(text))));
  const parts = (text) => {
    const found = [], lines = text.split("\n");
    let plain = [];
    const end = () => {
      if (plain.length) found.push(make("span", {}, ...linked(plain.join("\n"))));
      plain = [];
    };
    let code = false;
    for (let n = 0; n < lines.length; n += 1) {
      const wide = barred(lines[n]) ? cells(lines[n]).length : 0;
      const fits = (line) => barred(line) && cells(line).length === wide;
      if (code || !wide || !fits(lines[n + 1]) || !ruled(lines[n + 1])) {
        if (/^```\w*$/.test(lines[n].trim())) code = !code;
        plain.push(lines[n]);
        continue;
      }
      end();
      const body = make("tbody"), table = make("table", {}, body);
      if (cells(lines[n]).some(Boolean)) table.prepend(make("thead", {}, row(lines[n], true)));
      for (n += 2; fits(lines[n]); n += 1) body.append(row(lines[n]));
      n -= 1;
      found.push(make("div", { class: "table", role: "region", "aria-label": say.table, tabindex: "0" }, table));
    }
    end();
    return found;
  };

  const draw = (one) => {
    const [text, sources] = ended(one);
    const mine = one.role === "customer";
    const by = mine ? say.you : one.role === "person" ? one.author || say.colleague : say.agent;
    const label = make("span", { class: "by", text: by });
    const box = make("div", { class: mine ? "said mine" : "said" }, label, ...parts(text));
    if (sources.length) {
      const list = make("ul", { class: "sources", "aria-label": say.sources });
      for (const { url, text } of sources) {
        list.append(make("li", {}, url ? link(url, text) : text));
      }
      box.append(list);
    }
    for (const file of one.files || []) box.append(attached(file, one.seq));
    return box;
  };

  /* All tabs send from one row: what another tab wrote before a message leaves before it from here, too. */
  const following = (name) => {
    const ids = unsent().map((one) => one.id);
    return ids.slice(ids.indexOf(name) + 1 || ids.length).map((id) => state.shown.get(id)).find(Boolean) || null;
  };

  /* Who reads the end goes on reading it where a phone's keyboard, or its turning, leaves less room. */
  let atEnd = true;
  const noteEnd = () => { atEnd = log.scrollHeight - log.clientHeight - log.scrollTop <= GAP_PX; };
  log.addEventListener("scroll", noteEnd);
  new ResizeObserver(() => { if (atEnd) log.scrollTop = log.scrollHeight; }).observe(log);

  /* In the desk's order, which gives each message its number; what it does not have yet comes last. */
  const put = (name, one, label) => {
    const known = state.shown.get(name);
    if (known?.dataset.seq && !one.seq) return;
    const box = draw(one);
    if (label) box.append(make("span", { class: "by", text: label }));
    if (one.seq) box.dataset.seq = one.seq;
    box.classList.toggle("unsaid", one.role === "customer" && !one.seq && !one.refused);
    if (known && !one.seq) known.replaceWith(box);
    else {
      known?.remove();
      log.insertBefore(box, one.seq ? log.querySelector(".unsaid") : following(name));
    }
    state.shown.set(name, box);
    /* To its end, or to the beginning of what is longer than the window. */
    log.scrollTop = Math.min(log.scrollHeight - log.clientHeight, box.offsetTop - log.offsetTop - GAP_PX);
    noteEnd();
  };

  const tell = () => {
    const offline = navigator.onLine === false;
    const text = offline ? say.offline : state.failed ? state.failed : say[state.doing] || "";
    note.className = offline || state.failed ? "note bad" : "note";
    if (note.textContent !== text) note.textContent = text;
  };

  /* Files go up as soon as they are chosen; the next message names them. */
  let files = [];
  const showFiles = () => {
    chosen.replaceChildren(...files.map((one) => {
      const drop = make("button", { class: "quiet", type: "button", "aria-label": `${say.remove} ${one.name}`,
        onclick: () => { files = files.filter((other) => other !== one); showFiles(); field.focus(); } }, sign(CROSS));
      return make("li", {}, one.words ? `${one.name}: ${one.words}` : one.name, drop);
    }));
    send.disabled = files.some((one) => one.loading);
  };
  const upload = async (file) => {
    if (files.length >= MOST_FILES) return;
    const one = { name: file.name, words: say.loading, loading: true };
    files.push(one);
    showFiles();
    try {
      if (file.size > state.look.file_bytes) throw new Error(say.large);
      const found = await ask(`/files?name=${encodeURIComponent(file.name.slice(0, 120))}`, {
        method: "POST", body: file, headers: { "Content-Type": file.type || "application/octet-stream" },
      });
      Object.assign(one, { id: found.id, words: "" });
    } catch (error) {
      one.words = error.status || file.size > state.look.file_bytes ? error.message : say.trouble;
    }
    one.loading = false;
    showFiles();
  };

  /* What the visitor writes: kept first, then sent, one after the other. */
  const write = () => {
    const text = field.value.trim();
    const sent = files.filter((one) => one.id).map(({ id, name }) => ({ id, name }));
    if ((!text && !sent.length) || unsent().length >= MOST_UNSENT || send.disabled) return;
    const id = crypto.randomUUID ? crypto.randomUUID() : random();
    enter({ id, text, files: sent });
    field.value = "";
    files = [];
    showFiles();
    put(id, { role: "customer", text, files: sent }, say.waits);
    flush();
  };

  let sending = false;
  let pause = FIRST_PAUSE_MS;
  const flush = async () => {
    if (sending || navigator.onLine === false) return tell();
    sending = true;
    const { epoch } = state, place = slot;
    let one;
    try {
      while (([one] = unsent()) && one && epoch === state.epoch) {
        if (!state.shown.has(one.id)) put(one.id, { role: "customer", ...one }, say.waits);
        await ask("/messages", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ id: one.id, text: one.text, files: (one.files || []).map((file) => file.id), identity }),
        });
        leave(one.id, place);
        if (epoch !== state.epoch) break;
        put(one.id, { role: "customer", ...one });
        state.failed = "";
        pause = FIRST_PAUSE_MS;
        wake();
      }
    } catch (error) {
      if (epoch === state.epoch) refused(error, one);
    } finally {
      sending = false;
      tell();
      /* What was written in another conversation meanwhile has waited for this one to come back. */
      if (epoch !== state.epoch) flush();
    }
  };

  const refused = (error, one) => {
    const lasting = error.status >= 400 && error.status < 500 && ![408, 425, 429].includes(error.status);
    if (lasting) {
      leave(one.id);
      put(one.id, { role: "customer", refused: true, ...one }, say.refused + error.message);
      return setTimeout(flush, 0);
    }
    state.failed = say.trouble;
    setTimeout(flush, Math.max(error.pause || 0, pause));
    pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
  };

  /* What is new: one question at a time, which the desk answers when there is something. */
  let listening = false;
  let woken = false;
  let stop = () => {};
  /* Who is woken while the last look is on its way looks again: it may not know yet what was sent. */
  const wake = () => {
    woken = true;
    if (listening) return;
    listening = true;
    listen().finally(() => {
      listening = false;
      if (woken) wake();
    });
  };
  const listen = async () => {
    let wait = FIRST_PAUSE_MS;
    do {
      const epoch = state.epoch;
      woken = false;
      try {
        if (navigator.onLine === false) throw new Error("offline");
        const control = new AbortController();
        stop = () => control.abort();
        const query = `?after=${state.last}&doing=${state.doing}&wait=${state.doing === "new" ? 0 : WAIT_SECONDS}`;
        const found = await ask(`/messages${query}`, { signal: control.signal });
        if (epoch !== state.epoch) continue;
        take(found);
        wait = FIRST_PAUSE_MS;
        if (state.doing === "new") {
          if (!unsent().length) return;
          await sleep(FIRST_PAUSE_MS);
        } else if (!found.items.length) await sleep(document.hidden ? IDLE_MS : 0);
      } catch (error) {
        if (error.name !== "AbortError") {
          state.failed = navigator.onLine === false ? "" : say.trouble;
          tell();
        }
        await sleep(wait);
        wait = Math.min(LONGEST_PAUSE_MS, wait * 2);
      }
    } while (kept().secret && (state.open || state.doing === "working" || state.doing === "person"));
  };
  let rouse = () => {};
  const sleep = (ms) => new Promise((done) => { rouse = done; setTimeout(done, ms); });

  const take = (found) => {
    state.failed = "";
    for (const one of found.items) put(one.id || `#${one.seq}`, one);
    const answered = found.items.some((one) => one.role !== "customer");
    state.last = found.last;
    state.doing = found.doing;
    if (answered && !state.open) launch.textContent = say.fresh;
    tell();
  };

  const startOver = () => {
    state.epoch += 1;
    stop();
    keep({ secret: "" });
    for (const one of unsent()) leave(one.id);
    greet();
    field.focus();
  };

  const greet = () => {
    state.last = 0;
    state.doing = "new";
    state.failed = "";
    state.shown.clear();
    files = [];
    showFiles();
    log.replaceChildren();
    if (state.look.greeting) put("hello", { role: "agent", text: state.look.greeting });
    for (const one of kept().unsent || []) enter(one); /* kept in one row by an earlier script */
    if (kept().unsent) keep({ unsent: undefined });
    for (const one of unsent()) put(one.id, { role: "customer", ...one }, say.waits);
    tell();
  };

  const begin = async () => {
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(LONGEST_PAUSE_MS, wait * 2)) {
      try {
        state.look = await ask("");
        break;
      } catch (error) {
        if (error.status === 403 || error.status === 404) return console.warn(`Deskhand: ${error.message}`);
        await sleep(wait);
      }
    }
    say = { ...say, ...state.look.words };
    host.lang = state.look.language;
    host.dir = state.look.language === "ar" ? "rtl" : "ltr";
    title.textContent = state.look.title;
    launch.textContent = state.look.title;
    launch.setAttribute("aria-label", `${say.open}: ${state.look.title}`);
    shut.setAttribute("aria-label", say.close);
    over.textContent = say.again;
    send.textContent = say.send;
    field.setAttribute("aria-label", say.write);
    attach.setAttribute("aria-label", say.attach);
    attach.hidden = !state.look.file_bytes;
    field.placeholder = say.write;
    greet();
    /* Another tab has sent a message, maybe one of this tab's: the desk has more than is shown here. */
    addEventListener("storage", (event) => {
      if ((event.key || "").startsWith(`${slot}:`) && event.newValue === null) wake();
    });
    document.body.append(host);
    if (kept().open) show(true);
    else if (kept().secret) {
      flush();
      wake();
    }
  };

  addEventListener("online", () => { pause = FIRST_PAUSE_MS; rouse(); tell(); flush(); wake(); });
  addEventListener("offline", tell);
  window.deskhandWidget = {
    open: () => show(true),
    close: () => show(false),
    /* The website's signed token of whoever is logged in now; an empty one after a logout. */
    identify: (token) => {
      identity = token || "";
      slot = `deskhand:${desk}:${who()}`;
      state.epoch += 1;
      stop();
      greet();
      if (state.open) { wake(); flush(); }
    },
  };
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
})();
