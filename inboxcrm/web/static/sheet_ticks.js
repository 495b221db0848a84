/* The sheet's ticks: how many there are, all of a page at once, the row under the keys by x. Without script each is a box of its own. */
(() => {
  "use strict";
  const room = document.querySelector("#pipeline");
  if (!room) return;
  const boxes = () => [...room.querySelectorAll("input[name=pick]")];
  const leadOf = (box) => box.value.split(".")[0];
  let kept = new Set();
  const tell = () => {
    const said = room.querySelector("#ticked"), many = boxes().filter((box) => box.checked).length;
    if (said) said.textContent = many ? many + (many === 1 ? " lead ticked" : " leads ticked") : "Tick leads to change several at once" + (matchMedia("(hover: hover)").matches ? ": x ticks the row under the keys." : ".");
    const all = room.querySelector("[data-all]");
    if (all) { all.hidden = false; all.checked = many > 0 && many === boxes().length; all.indeterminate = many > 0 && many < boxes().length; }
  };
  room.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) boxes().forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[data-all], [name=pick]")) tell();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const box = event.target.closest("tr")?.querySelector("input[name=pick]");
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    tell();
  });
  /* A cell that was changed draws the page anew; who was ticked stays ticked. */
  document.addEventListener("htmx:beforeSwap", ({ detail }) => { if (detail.target === room) kept = new Set(boxes().filter((box) => box.checked).map(leadOf)); });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target !== room) return;
    boxes().forEach((box) => { box.checked = kept.has(leadOf(box)); });
    tell();
  });
  tell();
})();
