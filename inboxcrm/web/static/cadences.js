/* Whoever chooses or writes a segment sees at once who that is. Without script a button asks for the same. */
(() => {
  "use strict";
  const one = (selector) => document.querySelector(selector);
  const form = one("#merge, #segment-form"), look = one("#look");
  if (!form || !look) return;
  const words = one("#segment, #segment-text"), written = one("#which-written");
  const isEmpty = () => !words.value.trim() && (!written || written.checked || !form.querySelector("[name=which]:checked"));
  const ask = () => {
    clearTimeout(wait);
    if (isEmpty()) return;
    look.classList.add("is-waiting");
    // While one question is under way htmx keeps the newest of the next ones, so that the last answer fits the last words.
    htmx.ajax("POST", form.getAttribute("action"), { source: look, target: look, swap: "innerHTML", values: { ...Object.fromEntries(new FormData(form)), do: "look" } });
  };
  let wait = 0;
  form.addEventListener("change", (event) => { if (event.target.name === "which" || event.target === words) ask(); });
  words.addEventListener("input", () => { if (written) written.checked = true; clearTimeout(wait); wait = setTimeout(ask, 600); });
  one("#look-button").addEventListener("click", (event) => { event.preventDefault(); ask(); });
  for (const name of ["htmx:afterSettle", "htmx:responseError", "htmx:sendError"]) document.addEventListener(name, () => look.classList.remove("is-waiting"));
})();
