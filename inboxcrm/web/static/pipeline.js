/* The pipeline: cards are drawn by mouse or a held finger, moved by keys or a dialog; the sheet's cells by arrow keys.
   Every move is the same form sent, so that undo, versions and repeated requests are those of the pages without script. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const room = one("#pipeline");
  if (!room) return;
  const isTyping = (element) => element.matches("input, textarea, select");
  let back = "", place = null;

  /* --- a move: the one form of the page, filled in and sent ----------------- */
  const fill = (card, stage) => {
    const form = one("#move-form");
    form.setAttribute("action", "/pipeline/leads/" + card.dataset.lead + "/stage");
    form.setAttribute("hx-post", form.getAttribute("action"));
    htmx.process(form);
    form.elements.version.value = card.dataset.version;
    form.elements.stage.value = stage;
    if (form.elements.reason) form.elements.reason.value = "";
    back = card.id;
    return form;
  };
  const ask = (card, stage) => {
    const form = fill(card, stage);
    one("#move-title").textContent = "Move " + one(".top-line a", card).textContent;
    one("#move-dialog").showModal();
    (one(`option[value="${CSS.escape(stage)}"]`, form)?.dataset.kind === "lost" && form.elements.reason || form.elements.stage).focus();
  };
  const move = (card, column) => {
    if (!column || "unknown" in column.dataset || column.dataset.stage === card.dataset.stage) return;
    // Why it was lost is asked while one still knows.
    if (column.dataset.kind === "lost" && one("#move-form").elements.reason) ask(card, column.dataset.stage);
    else fill(card, column.dataset.stage).requestSubmit();
  };
  const beside = (card, by) => {
    const columns = all(".column"), at = columns.indexOf(card.closest(".column"));
    return columns[at + by];
  };

  /* --- drawing by mouse or finger --------------------------------------------- */
  let drawn = null;
  const begin = () => {
    const { card } = drawn, box = card.getBoundingClientRect();
    drawn.dx = drawn.x - box.left; drawn.dy = drawn.y - box.top;
    drawn.ghost = card.cloneNode(true);
    drawn.ghost.removeAttribute("id");
    drawn.ghost.setAttribute("aria-hidden", "true");
    drawn.ghost.classList.add("is-drawn");
    document.body.append(drawn.ghost);
    card.classList.add("is-held");
    document.body.classList.add("is-drawing");
    follow();
  };
  const follow = () => {
    drawn.ghost.style.left = drawn.x - drawn.dx + "px";
    drawn.ghost.style.top = drawn.y - drawn.dy + "px";
    const over = document.elementFromPoint(drawn.x, drawn.y)?.closest(".column");
    if (over !== drawn.over) {
      drawn.over?.classList.remove("is-over");
      over?.classList.add("is-over");
      drawn.over = over;
    }
    const board = one(".board").getBoundingClientRect();
    const pull = drawn.x > board.right - 48 ? 18 : drawn.x < board.left + 48 ? -18 : 0;
    if (pull) one(".board").scrollLeft += pull;
  };
  const end = (isDropped) => {
    if (!drawn) return;
    const { card, ghost, over, timer } = drawn;
    clearTimeout(timer);
    drawn = null;
    document.body.classList.remove("is-drawing");
    if (!ghost) return;
    ghost.remove();
    over?.classList.remove("is-over");
    card.classList.remove("is-held");
    // The click that ends a draw opens nothing.
    const hush = (event) => { event.preventDefault(); event.stopPropagation(); };
    addEventListener("click", hush, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", hush, true), 50);
    if (isDropped) move(card, over);
  };
  room.addEventListener("pointerdown", (event) => {
    const card = event.target.closest(".bcard[data-lead]");
    if (!card || event.button || event.target.closest("form, .move") || drawn) return;
    drawn = { card, x: event.clientX, y: event.clientY, pointer: event.pointerId, isTouch: event.pointerType !== "mouse" };
    if (drawn.isTouch) drawn.timer = setTimeout(begin, 350);
  });
  addEventListener("pointermove", (event) => {
    if (!drawn || event.pointerId !== drawn.pointer) return;
    const far = Math.hypot(event.clientX - drawn.x, event.clientY - drawn.y) > 6;
    if (!drawn.ghost && !far) return;
    // A finger that moves before it was held scrolls the page.
    if (!drawn.ghost && drawn.isTouch) { end(false); return; }
    if (!drawn.ghost) begin();
    drawn.x = event.clientX; drawn.y = event.clientY;
    follow();
  });
  addEventListener("touchmove", (event) => { if (drawn && drawn.ghost) event.preventDefault(); }, { passive: false });
  addEventListener("pointerup", () => end(true));
  addEventListener("pointercancel", () => end(false));
  room.addEventListener("contextmenu", (event) => { if (drawn && drawn.isTouch) event.preventDefault(); });
  room.addEventListener("dragstart", (event) => event.preventDefault());

  /* --- keys ------------------------------------------------------------------ */
  const step = (card, key) => {
    const cards = all(".bcard"), column = card && card.closest(".column");
    if (!card) return cards[0];
    if (key === "j" || key === "k") { const own = all(".bcard", column); return own[own.indexOf(card) + (key === "j" ? 1 : -1)]; }
    const columns = all(".column"), at = all(".bcard", column).indexOf(card);
    for (let next = columns.indexOf(column) + (key === "l" ? 1 : -1); columns[next]; next += key === "l" ? 1 : -1) {
      const own = all(".bcard", columns[next]);
      if (own.length) return own[Math.min(at, own.length - 1)];
    }
    return null;
  };
  const walk = (event) => {
    const cell = document.activeElement.closest("td, tbody th");
    if (!cell || isTyping(document.activeElement)) return;
    const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!by) return;
    const rows = all("tbody tr:not(.group)"), at = rows.indexOf(cell.parentElement);
    let row = rows[at + by[0]], column = cell.cellIndex + by[1];
    while (row && row.cells[column] && !one("a", row.cells[column])) { if (!by[1]) return; column += by[1]; }
    const next = row && row.cells[column] && one("a", row.cells[column]);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drawn) { end(false); return; }
    if (event.key === "Escape" && event.target.closest(".cell-form")) { one(".leave", event.target.closest(".cell-form")).click(); event.preventDefault(); return; }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || one("dialog[open]")) return;
    if (event.key === "z") { one("#toasts [data-undo]")?.click(); return; }
    if (one(".grid", room) && event.key.startsWith("Arrow")) { walk(event); return; }
    if (!one(".board", room)) return;
    const card = document.activeElement.closest(".bcard");
    if ("jkhl".includes(event.key)) {
      const next = step(card, event.key);
      event.preventDefault();
      event.stopImmediatePropagation();
      if (next) { one("a", next).focus(); next.scrollIntoView({ block: "nearest", inline: "nearest" }); }
    } else if (card && card.dataset.lead && event.key === "m") { event.preventDefault(); ask(card, card.dataset.stage); }
    else if (card && card.dataset.lead && (event.key === "[" || event.key === "]")) { event.preventDefault(); move(card, beside(card, event.key === "]" ? 1 : -1)); }
  }, true);
  room.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (event.target.closest("[data-leave]")) { event.preventDefault(); event.target.closest("dialog").close(); return; }
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.matches("[data-move]")) { event.preventDefault(); ask(link.closest(".bcard"), link.closest(".bcard").dataset.stage); }
    if (link.matches(".edit, .leave")) { event.preventDefault(); back = link.id || one("a", link.closest("tr"))?.id || ""; place = scrollOf(); htmx.ajax("GET", link.href.replace(/#.*$/, ""), { target: "#pipeline", swap: "innerHTML" }); }
  });

  /* --- what a move still asks for stands open on the page; here it keeps the focus until it is answered or left --- */
  const openAsked = () => {
    const asked = one("#asked", room);
    if (!asked) return;
    asked.removeAttribute("open");
    asked.showModal();
  };
  openAsked();

  /* --- after a change: the same card, the same cell, the same place ------------ */
  const scrollOf = () => { const pane = one(".board, .grid-wrap", room); return pane && [pane.scrollLeft, pane.scrollTop]; };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target !== room) return;
    place = scrollOf();
    const asking = event.detail.elt.closest("#asked form");
    if (asking) { const id = asking.getAttribute("action").split("/")[3]; back = one(".board", room) ? "card-" + id : "cell-" + id + ".stage"; }
    const form = event.detail.elt.closest(".cell-form");
    if (form) back = "cell-" + form.getAttribute("action").split("/")[3] + "." + form.elements.field.value;
    room.classList.add("is-waiting");
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => { if (detail.target === room) one("#move-dialog")?.close(); });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target !== room) return;
    room.classList.remove("is-waiting");
    const pane = one(".board, .grid-wrap", room);
    if (pane && place) [pane.scrollLeft, pane.scrollTop] = place;
    openAsked();
    const held = one("[autofocus]", room) || (back && document.getElementById(back));
    const target = held && (held.matches(".bcard") ? one("a", held) : held);
    (target || one("#pipeline-title")).focus({ preventScroll: !target });
    one("#live").textContent = one("#toasts .toast span")?.textContent || "";
    back = "";
  });
})();
