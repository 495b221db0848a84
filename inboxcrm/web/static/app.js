/* What script adds to pages that work without it: the keyboard, the place of the focus, the height of mail frames. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isNarrow = () => matchMedia("(max-width: 1199px)").matches;
  const isPhone = () => matchMedia("(max-width: 767px)").matches;
  const isTyping = (element) => element && (element.matches("input, textarea, select") || element.isContentEditable);

  /* --- frames: as tall as the mail in them ------------------------------- */
  const fit = (frame) => {
    const page = frame.contentDocument;
    if (!page || !page.body) return;
    const measure = () => { frame.style.height = Math.min(Math.ceil(page.documentElement.getBoundingClientRect().height) + 4, 20000) + "px"; };
    measure();
    new ResizeObserver(measure).observe(page.body);
    page.addEventListener("keydown", onKey);
  };
  const watchFrames = (root) => all("iframe.frame", root).forEach((frame) => {
    frame.addEventListener("load", () => fit(frame));
    if (frame.contentDocument && frame.contentDocument.readyState === "complete" && frame.contentDocument.URL !== "about:blank") fit(frame);
  });

  /* --- the list: which row is open, and moving along it ------------------- */
  const markRow = () => {
    const id = location.pathname.split("/")[2] || "";
    all(".list .row").forEach((row) => {
      if (row.id === "t-" + id) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    });
    const news = one("#news");
    if (news) news.setAttribute("hx-get", news.getAttribute("hx-get").replace(/&open=.*$/, "&open=" + encodeURIComponent(id)));
    // A tab changes the list and leaves what is open beside it.
    all("#tabs a").forEach((tab) => { tab.href = place(tab.dataset.show); });
  };
  const place = (show) => (location.pathname.startsWith("/threads/") ? "/threads/" + location.pathname.split("/")[2] : "/") + (show === "all" ? "" : "?show=" + show);
  const lines = () => all(".list .row, .list #older");
  const at = (rows) => { const held = rows.indexOf(document.activeElement); return held >= 0 ? held : rows.findIndex((row) => row.hasAttribute("aria-current")); };
  const step = (by) => {
    const rows = lines();
    if (!rows.length) return;
    const from = at(rows);
    const next = rows[Math.max(0, Math.min(rows.length - 1, from < 0 ? 0 : from + by))];
    // Where the list has no room beside the mail, the next mail itself is opened.
    if (!next.offsetParent) { if (next.matches(".row") && next !== rows[from]) next.click(); return; }
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const openRow = () => { const rows = lines(); (rows[at(rows)] || rows[0])?.click(); };
  const leave = () => (one("#reading .mail > .back") || (location.pathname === "/" ? null : one(".brand")))?.click();

  /* --- keys: single letters, never while typing --------------------------- */
  const onKey = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      if (one("dialog[open]")) return; // it closes itself
      const open = all("details[name=panel][open]").pop();
      if (open) { open.open = false; one("summary", open).focus(); event.preventDefault(); }
      else if (isTyping(document.activeElement)) document.activeElement.blur();
      else if (one(".desk[data-pane=panel]") && isNarrow()) one(".panel > .back")?.click();
      return;
    }
    if (isTyping(event.target) || one("dialog[open]")) return;
    const act = { j: () => step(1), k: () => step(-1), o: openRow, "/": () => one("#q")?.focus(), u: leave, "?": () => one("#keys")?.showModal() }[event.key];
    if (act) { act(); event.preventDefault(); return; }
    const part = /^[a-z]$/.test(event.key) && one(`#panel [data-key="${event.key}"]`);
    if (!part) {
      if (event.key === "e" && one("#panel")) one("#live").textContent = "Nobody waits for an answer here.";
      return;
    }
    event.preventDefault();
    if (part.matches("button[type=submit]")) { part.click(); return; }
    if (part.matches("summary")) {
      const box = part.parentElement;
      box.open = true;
      (one("textarea, input:not([type=hidden]), button", box) || part).focus();
      box.scrollIntoView({ block: "nearest" });
    } else part.focus();
  };
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens)?.showModal();
    if (event.target.closest("[data-close]")) event.target.closest(".toast").remove();
    all(".menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  /* --- htmx: focus stays, answers that come late are dropped -------------- */
  let back = "", isOldNews = false;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, target } = event.detail;
    if (elt.id === "news") isOldNews = false;
    // On a phone a mail is a page of its own, so that Back works as people expect.
    if (elt.matches(".list a") && isPhone()) { event.preventDefault(); location.assign(elt.href); return; }
    if (target && target.id === "panel") { target.classList.add("is-waiting"); back = elt.dataset.back || (document.activeElement && document.activeElement.id) || ""; }
  });
  // Of folds that share a name only one is open: the old one would close the new one while both stand there.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id === "panel") all("details[open]", detail.target).forEach((fold) => { fold.open = false; });
    if (detail.elt.id === "news" && isOldNews) detail.shouldSwap = false; // it was asked before the change; the next question waits its turn
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const { target } = event.detail;
    watchFrames(target);
    if (target.id === "reading") {
      one(".desk").dataset.pane = "thread";
      all(".pane.mail, .pane.panel").forEach((pane) => { pane.scrollTop = 0; });
      one("#live").textContent = one("#subject") ? "Opened: " + one("#subject").textContent : "";
    }
    if (target.id === "panel") {
      target.classList.remove("is-waiting");
      const held = one("#conflict button") || one("#panel [aria-invalid]") || (back && document.getElementById(back));
      if (held && (document.activeElement === document.body || !document.activeElement)) held.focus({ preventScroll: true });
      back = "";
      // What was changed may have taken a thread out of the list, or put it back.
      const asked = event.detail.requestConfig;
      const news = asked && asked.verb === "post" && one("#news");
      if (news) { isOldNews = news.classList.contains("htmx-request"); htmx.trigger(news, "refresh"); }
    }
    showClosers();
    if (target.id === "reading" || target.id === "list" || event.detail.elt.id === "news") markRow();
    if (target.id === "list") { target.scrollTop = 0; one("#live").textContent = all(".row", target).length + " threads: " + (one("#tabs [aria-current]")?.textContent || ""); }
  });
  // Whatever came of it: a refusal is told in a toast, and what waited for the answer stays as it is.
  document.addEventListener("htmx:afterRequest", ({ detail }) => { if (detail.xhr.status >= 400) all(".is-waiting").forEach((element) => element.classList.remove("is-waiting")); });
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt } = event.detail;
    if (elt.matches("#tabs a")) event.detail.path = place(elt.dataset.show);
  });
  document.addEventListener("htmx:pushedIntoHistory", markRow);
  document.addEventListener("htmx:sendError", () => {
    const toast = document.createElement("div");
    toast.className = "toast bad";
    toast.setAttribute("role", "alert");
    toast.textContent = "inboxcrm does not answer. Is it still running? Nothing was changed.";
    one("#toasts").replaceChildren(toast);
    all(".is-waiting").forEach((element) => element.classList.remove("is-waiting"));
  });

  const showClosers = () => all("[data-close][hidden], [data-opens][hidden]").forEach((button) => { button.hidden = false; });
  watchFrames(document);
  showClosers();
  one(".row[aria-current]")?.scrollIntoView({ block: "nearest" });
  // Back from a mail: the list goes on where it was left.
  if (/^#t-\w+$/.test(location.hash)) one(location.hash)?.focus();
})();
