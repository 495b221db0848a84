/* Today: after a change the focus stays where it was, on the line that took the place of the one answered. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const today = one("#today");
  if (!today) return;
  let section = "", place = 0;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target !== today) return;
    const line = event.detail.elt.closest(".line"), home = line && line.closest("section, #today");
    section = home ? home.getAttribute("aria-labelledby") || "today" : "";
    place = home ? all(".line", home).indexOf(line) : 0;
    today.classList.add("is-waiting");
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target !== today) return;
    today.classList.remove("is-waiting");
    const home = section === "today" ? today : section && one(`section[aria-labelledby="${section}"]`, today);
    const lines = home ? all(".line", home) : [];
    const next = lines.length && one("button, a", lines[Math.min(place, lines.length - 1)]);
    (next || one("#today-title")).focus({ preventScroll: true });
    one("#live").textContent = one("#today-title").textContent;
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    if (event.key === "z") { one("#toasts [data-undo]")?.click(); return; }
    if (event.key !== "j" && event.key !== "k") return;
    const lines = all(".line", today), at = lines.findIndex((line) => line.contains(document.activeElement));
    const line = lines[Math.max(0, Math.min(lines.length - 1, at < 0 ? 0 : at + (event.key === "j" ? 1 : -1)))];
    if (!line) return;
    event.preventDefault();
    (one(".said a", line) || one("button", line)).focus();
    line.scrollIntoView({ block: "nearest" });
  });
})();
