/* The keys of the review queue: one sender stands under them; an answer moves on to the next. All works without. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const queue = one("#queue"), box = one("#box"), keys = one("#keys");
  if (!queue) return;
  const isTyping = (element) => element.matches("textarea, select, input:not([type=checkbox])") || element.isContentEditable;
  const items = () => all(".doubt", queue);
  const here = () => one(".doubt.is-here", queue);
  let place = 0, wanted = "";

  const go = (item, { focus = true } = {}) => {
    items().forEach((each) => each.classList.toggle("is-here", each === item));
    if (!item) return;
    place = items().indexOf(item);
    if (focus) { item.focus({ preventScroll: true }); item.scrollIntoView({ block: "nearest" }); }
  };
  const step = (by) => {
    const list = items(), at = list.indexOf(here());
    if (list.length) go(list[Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + by))]);
  };

  /* --- choosing several ---------------------------------------------------- */
  const ticks = () => all("input[name=pick]", queue);
  const showChosen = () => {
    const chosen = ticks().filter((tick) => tick.checked);
    ticks().forEach((tick) => tick.closest(".doubt").classList.toggle("is-chosen", tick.checked));
    const bar = one(".bulk", queue);
    if (!bar) return;
    bar.classList.toggle("has-chosen", chosen.length > 0);
    bar.classList.toggle("is-idle", chosen.length === 0);
    one("#chosen", bar).textContent = chosen.length === 0 ? "Tick several to answer them at once" : chosen.length + " chosen";
  };
  const choose = (item) => { const tick = item && one("input[name=pick]", item); if (tick) { tick.checked = !tick.checked; showChosen(); } };
  const chooseDomain = (domain) => {
    const same = items().filter((item) => item.dataset.domain === domain);
    same.forEach((item) => { one("input[name=pick]", item).checked = true; });
    showChosen();
    one("#live").textContent = same.length + " chosen at " + domain;
  };

  /* --- keys ----------------------------------------------------------------- */
  const press = (key) => {
    const bulk = ticks().some((tick) => tick.checked) && one(`[data-bulk="${key}"]`, queue);
    const button = bulk || (here() || items()[0]) && one(`[data-key="${key}"]`, here() || items()[0]);
    if (button) button.click();
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || one("dialog[open]")) return;
    const onButton = event.target.closest("button, a, summary");
    const act = {
      j: () => step(1), k: () => step(-1), a: () => press("a"), x: () => press("x"), d: () => press("d"), m: () => press("m"), n: () => press("n"),
      o: () => one("[data-open]", here() || items()[0])?.click(), z: () => one("#toasts [data-undo]")?.click(),
      "?": () => keys.showModal(), " ": onButton || event.target.matches("input") ? null : () => choose(here()),
      Escape: ticks().some((tick) => tick.checked) ? () => { ticks().forEach((tick) => { tick.checked = false; }); showChosen(); } : null,
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  queue.addEventListener("focusin", (event) => { const item = event.target.closest(".doubt"); if (item && item !== here()) go(item, { focus: false }); });
  queue.addEventListener("change", (event) => { if (event.target.name === "pick") showChosen(); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (event.target.closest("[data-keys]")) keys.showModal();
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.matches("[data-same]") && items().filter((item) => item.dataset.domain === link.dataset.same).length > 1) { event.preventDefault(); chooseDomain(link.dataset.same); }
    if (link.matches("[data-cancel]") && box.open) { event.preventDefault(); box.close(); }
    if (link.matches("[data-box]")) { event.preventDefault(); wanted = "box"; htmx.ajax("GET", link.href, { target: "#box-body", swap: "innerHTML" }); }
  });

  /* --- after an answer: the next one, where the last one stood ---------------- */
  document.addEventListener("htmx:beforeRequest", (event) => { if (event.detail.target === queue) { place = Math.max(0, items().indexOf(here())); queue.classList.add("is-waiting"); } });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "box-body") {
      // A search that answers after the question was settled must not ask it again.
      const opens = !box.open && wanted;
      if (opens) box.showModal();
      wanted = "";
      if (!box.open) return;
      // Who has moved on already while an answer settles keeps the place.
      if (opens || !box.contains(document.activeElement)) (one("[autofocus], .problem + form input:not([type=hidden])", box) || one("button", box)).focus();
    }
    if (event.detail.target !== queue) return;
    queue.classList.remove("is-waiting");
    wanted = "";
    if (box.open) box.close();
    ready();
    const list = items();
    if (list.length) go(list[Math.min(place, list.length - 1)]);
    else one("#list-title", queue)?.focus();
  });
  box.addEventListener("close", () => go(here() || items()[0]));
  keys.addEventListener("close", () => go(here() || items()[0]));

  const ready = () => { all("[data-keys]", queue).forEach((button) => { button.hidden = false; }); showChosen(); };
  ready();
  one(".parts [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  if (items().length) go(items()[0], { focus: false });
})();
