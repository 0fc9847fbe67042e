"use strict";
// One listener for every control, and one for every key. The page decides what an act does.
(() => {
  const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));
  const visible = (el) => el.getClientRects().length > 0 && !el.disabled;
  const act = (name, arg = "") => window.emitEvent?.("act", name, arg);
  const desk = () => document.querySelector(".desk");
  let leading = null, uploading = 0;

  // What happens on the page is told once and in order, also where a connection ends unnoticed and
  // takes a click with it: it is numbered, and told again until the server says that it has it.
  const AGAIN_MS = 3000, MOST_UNTOLD = 500;
  const untold = [];
  let happened = 0;
  const keepTelling = (socket) => {
    const emit = socket.emit.bind(socket);
    const tell = (one) => emit("event", { ...one.message, number: one.number }, (taken) => {
      while (untold.length && untold[0].number <= taken) untold.shift();
    });
    const again = () => untold.forEach((one) => { one.at = Date.now(); tell(one); });
    socket.emit = (name, message, ...more) => {
      if (name !== "event") return emit(name, message, ...more);
      if (untold.length < MOST_UNTOLD) {
        untold.push({ message, number: ++happened, at: Date.now() });
        tell(untold[untold.length - 1]);
      }
      return socket;
    };
    socket.on("connect", again);
    setInterval(() => {
      if (socket.connected && untold.length && Date.now() - untold[0].at > AGAIN_MS) again();
    }, AGAIN_MS);
  };
  let socket = window.socket;
  if (socket) keepTelling(socket);
  else Object.defineProperty(window, "socket", {
    get: () => socket,
    set: (made) => { socket = made; keepTelling(made); },
  });

  // Times are written by the server, in the zone of this browser.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const known = document.cookie.split("; ").find((one) => one.startsWith("deskhand_zone="));
  if (known !== "deskhand_zone=" + zone && !sessionStorage.getItem("zone-told")) {
    sessionStorage.setItem("zone-told", "1");
    document.cookie = `deskhand_zone=${zone}; path=/console; max-age=31536000; samesite=lax`;
    location.reload();
  }

  const panes = ["queue", "talk", "side"];
  const show = (pane) => {
    const el = desk();
    if (!el) return;
    el.dataset.pane = pane;
    el.querySelectorAll("[data-show]").forEach((tab) =>
      tab.setAttribute("aria-selected", String(tab.dataset.show === pane)));
    const target = el.querySelector(`.pane-${pane}`);
    target?.focus({ preventScroll: true });
  };
  window.deskShow = show;

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-show]");
    if (tab) return show(tab.dataset.show);
    const control = event.target.closest("[data-act]");
    if (!control || control.disabled) return;
    if (control.dataset.act === "reload") return location.reload();
    if (uploading && control.hasAttribute("data-send")) return act("file-waiting");
    if (control.dataset.opens && event.target.closest("[data-act]") === control) show(control.dataset.opens);
    const menu = control.closest("details.menu");
    if (menu) menu.open = false;
    act(control.dataset.act, control.dataset.arg || "");
  });

  document.addEventListener("change", (event) => {
    const choice = event.target.closest("[data-change]");
    if (choice) act(choice.dataset.change, `${choice.dataset.arg}=${choice.value}`);
  });

  // A menu closes when something else is used.
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open], details.person[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // A key that is pressed before the page is whole, or connected, waits for that. What follows a
  // key that opens a field is written into it; what follows another act is dropped, since it may
  // have been meant for a field that was not there yet.
  const MOST_EARLY = 100, EARLY_MS = 30;
  const write = (field, keys) => {
    field.value += keys.filter((key) => key.length === 1).join("");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const early = [];
  let replaying = false;
  const whole = () => window.did_handshake === true &&
    document.getElementById("main")?.getAttribute("aria-busy") === "false";
  const late = () => {
    if (!whole()) return setTimeout(late, EARLY_MS);
    replaying = true;
    while (early.length) {
      const key = early.shift();
      if (document.querySelector(`[data-key="${CSS.escape(key)}"]`)) early.length = 0;
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      if (early.length && typing(document.activeElement)) write(document.activeElement, early.splice(0));
    }
    replaying = false;
  };

  const ways = { q: "/console/", t: "/console/tickets", i: "/console/insight", k: "/console/knowledge" };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const field = typing(event.target);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const send = [...document.querySelectorAll("[data-send]")].filter(visible).pop();
      if (send) { event.preventDefault(); event.target.blur?.(); setTimeout(() => send.click(), 60); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (field) event.target.blur();
      document.querySelectorAll("details.menu[open], details.person[open]").forEach((m) => (m.open = false));
      return;
    }
    const dialog = document.querySelector(".q-dialog .sheet");
    const oneLine = dialog && event.key === "Enter" && event.target.tagName !== "TEXTAREA";
    if (field && !oneLine) return;
    if (!whole() || (early.length && !replaying)) {
      if (event.key === "Tab" || event.repeat || early.length >= MOST_EARLY) return;
      if (early.push(event.key) === 1) late();
      return;
    }
    if (event.key === "Enter" && event.target.closest("button, a, summary")) return;
    const scope = dialog || document;
    if (leading) {
      const way = ways[event.key];
      leading = null;
      if (way) { event.preventDefault(); location.href = way; return; }
    }
    const hit = (el) => { event.preventDefault(); el.click(); };
    const control = [...scope.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].find(visible);
    if (control) return hit(control);
    if (dialog) return;
    const index = ["1", "2", "3"].indexOf(event.key);
    if (index >= 0 && desk()) { event.preventDefault(); return show(panes[index]); }
    switch (event.key) {
      case "g": leading = setTimeout(() => (leading = null), 1200); break;
      case "/": {
        const search = document.querySelector("[data-search] input, input[data-search]");
        if (search) { event.preventDefault(); if (desk()) show("queue"); search.focus(); search.select(); }
        break;
      }
      case "j": case "k": case "ArrowDown": case "ArrowUp": {
        if (!desk() || (event.key.startsWith("Arrow") && !event.target.closest(".pane-queue"))) break;
        event.preventDefault();
        act("move", event.key === "j" || event.key === "ArrowDown" ? "1" : "-1");
        break;
      }
      case "x": if (desk()) { event.preventDefault(); act("mark"); } break;
      case "Enter":
        if (desk()) { event.preventDefault(); show("talk"); }
        break;
    }
  });

  // What somebody writes is kept in this tab as well, so that no restart of the service loses it,
  // and is told by the page: a field that is drawn away tells its last words too.
  const TELL_MS = 400;
  const key = (el) => "deskhand:" + el.dataset.draft;
  const telling = new Map();
  const tell = (box) => window.emitEvent?.("typed", box.dataset.draft, box.value, box.dataset.drawing);
  const told = (name) => { clearTimeout(telling.get(name)); telling.delete(name); };
  document.addEventListener("input", (event) => {
    const box = event.target.closest("[data-draft]");
    if (!box) return;
    try { sessionStorage.setItem(key(box), box.value); } catch { /* full or forbidden */ }
    const name = box.dataset.draft;
    if (telling.has(name)) return;
    tell(box);
    telling.set(name, setTimeout(() => { telling.delete(name); tell(box); }, TELL_MS));
  });
  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-draft]");
    if (!box) return;
    told(box.dataset.draft);
    tell(box);
  });
  window.deskForget = (name) => { lists.delete(name); try { sessionStorage.removeItem("deskhand:" + name); } catch { /* same */ } };
  // Given who is logged in: what somebody else wrote in this tab is forgotten, not shown.
  window.deskKept = (who) => {
    const kept = {};
    try {
      const names = Object.keys(sessionStorage).filter((name) => name.startsWith("deskhand:"));
      if (sessionStorage.getItem("kept-of") === who) {
        for (const name of names) kept[name.slice(9)] = sessionStorage.getItem(name);
      } else {
        for (const name of names) sessionStorage.removeItem(name);
        sessionStorage.setItem("kept-of", who);
      }
    } catch { /* forbidden */ }
    return kept;
  };

  // Files go up as soon as they are chosen or pasted; their list is kept and told like what is written.
  const SLOW_MS = 1000, MOST_NAME = 120;
  const lists = new Map();
  const listed = (name) => {
    try { return JSON.parse(lists.get(name) || sessionStorage.getItem("deskhand:" + name)) || []; } catch { return []; }
  };
  window.deskKeep = (name, text) => {
    lists.set(name, text);
    try { sessionStorage.setItem("deskhand:" + name, text); } catch { /* full or forbidden */ }
  };
  const upload = async (name, most, file) => {
    if (listed(name).length >= most) return act("file-refused", `${file.name}: ${most} files go with one message`);
    uploading++;
    const slow = setTimeout(() => act("file-begun", file.name), SLOW_MS);
    try {
      const answer = await fetch("/v1/files?name=" + encodeURIComponent(file.name.slice(0, MOST_NAME)), {
        method: "POST",
        body: file,
        headers: {
          "Content-Type": file.type || "application/octet-stream",
          "X-CSRF-Token": document.querySelector("input[name=csrf]")?.value || "",
        },
      });
      const found = await answer.json().catch(() => ({}));
      if (!answer.ok) throw new Error(found.detail || `HTTP ${answer.status}`);
      const text = JSON.stringify([...listed(name), { id: found.id, name: found.name, size: found.size }]);
      window.deskKeep(name, text);
      window.emitEvent?.("typed", name, text, "");
    } catch (error) {
      act("file-refused", `${file.name}: ${error.message}`);
    } finally {
      clearTimeout(slow);
      uploading--;
    }
  };
  const uploadAll = async (control, files) => {
    for (const file of files) await upload(control.dataset.attach, Number(control.dataset.most), file);
  };
  document.addEventListener("click", (event) => {
    const control = event.target.closest("[data-attach]");
    if (!control) return;
    const picker = Object.assign(document.createElement("input"), { type: "file", multiple: true });
    picker.addEventListener("change", () => uploadAll(control, [...picker.files]));
    picker.click();
  });
  document.addEventListener("paste", (event) => {
    const control = event.target.closest?.(".writing, .form")?.querySelector("[data-attach]");
    if (control) uploadAll(control, [...event.clipboardData.files]);
  });

  // How many wait stands in the title. Whoever wants it is told by the system when another comes
  // while the tab is out of sight: that one came, and nothing of what is in it.
  const WANTED = "deskhand-notify";
  const notices = "Notification" in window;
  const wanted = () => notices && Notification.permission === "granted" && localStorage.getItem(WANTED) === "1";
  let waiting = null;
  const label = () => document.querySelectorAll("[data-notify]").forEach((el) => {
    const says = wanted() ? "Stop notifying me" : "Notify me of new tickets";
    if (el.hidden !== !notices) el.hidden = !notices;
    if (el.textContent !== says) el.textContent = says;
  });
  const count = () => {
    const told = document.querySelector("[data-waiting]")?.dataset.waiting;
    if (!told) return;
    const now = Number(told), title = document.title.replace(/^\([0-9]+\) /, "");
    const says = now ? `(${now}) ${title}` : title;
    if (document.title !== says) document.title = says;
    if (waiting !== null && now > waiting && document.hidden && wanted())
      new Notification("Deskhand", { body: "A ticket waits for a person.", tag: "deskhand", icon: "/console/assets/icon.svg" });
    waiting = now;
  };
  // Both write only what differs, or each would set the other off.
  new MutationObserver(() => { label(); count(); }).observe(document.documentElement,
    { subtree: true, childList: true, attributeFilter: ["data-waiting"] });
  document.addEventListener("click", async (event) => {
    const el = event.target.closest("[data-notify]");
    if (!el) return;
    const wish = !wanted();
    if (wish && await Notification.requestPermission() !== "granted") {
      el.disabled = true;
      el.title = "Your browser does not allow it";
      return;
    }
    localStorage.setItem(WANTED, wish ? "1" : "0");
    label();
  });

  // The selected row stays in sight.
  window.deskSee = (id) => requestAnimationFrame(() =>
    document.querySelector(`[data-arg="${CSS.escape(id)}"].row`)?.scrollIntoView({ block: "nearest" }));
})();
