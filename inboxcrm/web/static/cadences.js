/* Whoever chooses or writes a segment sees at once who that is. Without script a button asks for the same. */
(() => {
  "use strict";
  const one = (selector) => document.querySelector(selector);
  const form = one("#merge, #segment-form"), look = one("#look");
  if (!form || !look) return;
  const words = one("#segment, #segment-text"), written = one("#which-written");
  const isEmpty = () => words ? !words.value.trim() && (!written || written.checked || !form.querySelector("[name=which]:checked")) : !one("#asked .asked-row");
  const sent = (what) => {
    const data = new FormData(form), values = {};
    for (const name of new Set(data.keys())) { const all = data.getAll(name); values[name] = all.length > 1 ? all : all[0]; }
    return { ...values, do: what };
  };
  const ask = () => {
    clearTimeout(wait);
    isDue = isPressed && !isEmpty();
    if (isEmpty() || isDue) return;
    look.classList.add("is-waiting");
    // While one question is under way htmx keeps the newest of the next ones, so that the last answer fits the last words.
    htmx.ajax("POST", form.getAttribute("action"), { source: look, target: look, swap: "innerHTML", values: sent("look") });
  };
  let wait = 0, isPressed = false, isDue = false;
  // A look that changes its height moves the buttons: whoever presses one would let go of it beside it, and nothing came of it.
  form.addEventListener("pointerdown", (event) => {
    // Not a choice's own list, which keeps to itself when it is let go of.
    isPressed = Boolean(event.target.closest("button"));
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target !== look || !isPressed) return;
    detail.shouldSwap = false;
    isDue = true;
  });
  const letGo = () => { isPressed = false; if (isDue) ask(); };
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, letGo);
  const askSoon = () => { clearTimeout(wait); wait = setTimeout(ask, 600); };
  form.addEventListener("change", (event) => { if (event.target.name === "which" || event.target === words) ask(); });
  if (words) words.addEventListener("input", () => { if (written) written.checked = true; askSoon(); });
  one("#look-button").addEventListener("click", (event) => { event.preventDefault(); ask(); });
  document.addEventListener("htmx:afterSettle", () => look.classList.remove("is-waiting"));

  /* The form of a segment: its buttons draw it anew in its place. */
  let told = new Map(), typed = [], goesOn = null;
  const fields = () => Array.from(form.querySelectorAll("#asked .given input:not([type=checkbox])"));
  const called = (name) => fields().filter((field) => field.name === name);
  const placeOf = (field) => [field.name, called(field.name).indexOf(field)];
  // Whoever types on while it is drawn loses nothing, nor their place.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id !== "asked") return;
    const here = document.activeElement;
    typed = fields().filter((field) => told.has(field) && told.get(field) !== field.value).map((field) => [...placeOf(field), field.value]);
    goesOn = fields().includes(here) ? [...placeOf(here), here.selectionStart, here.selectionEnd] : null;
  });
  const redraw = (what) => {
    clearTimeout(wait);
    told = new Map(fields().map((field) => [field, field.value]));
    return htmx.ajax("POST", form.getAttribute("action"), { source: "#asked", target: "#asked", swap: "outerHTML", values: sent(what) }).then(() => {
      for (const [name, at, value] of typed) { const field = called(name)[at]; if (field) field.value = value; }
      const [name, at, from, to] = goesOn || [], last = called(name)[at];
      if (last) last.focus();
      if (last && from !== null) last.setSelectionRange(from, to);
      typed = []; goesOn = null;
      // What had the focus may be gone: the next keystroke adds a condition.
      if (document.activeElement === document.body) { const more = one("#asked .asked-more select"); if (more) more.focus(); }
      ask();
    });
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("#asked button[name=do]");
    if (button) { event.preventDefault(); redraw(button.value); }
  });
  form.addEventListener("change", (event) => {
    if (!event.target.closest("#asked") || event.target.name.endsWith(".new")) return;
    if (event.target.dataset.redraw) redraw(`redraw:${event.target.dataset.redraw}`); else ask();
  });
  form.addEventListener("input", (event) => {
    const several = event.target.closest("#asked .is-texts");
    if (event.target.closest("#asked .given")) askSoon();
    // One value more than there are may always be typed.
    if (!several || event.target !== several.lastElementChild || !event.target.value) return;
    const or = document.createElement("span"), blank = event.target.cloneNode();
    or.className = "soft small"; or.textContent = "or"; or.setAttribute("aria-hidden", "true");
    blank.value = ""; blank.removeAttribute("value");
    several.append(or, blank);
  });
})();
