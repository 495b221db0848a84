/* What script adds to a lead's page: keys that choose what to write down, and typed words that outlive a change elsewhere. */
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isTyping = (element) => element && element.matches("input:not([type=radio]), textarea, select");

  const write = (radio) => {
    radio.checked = true;
    const form = one(`#form-${radio.value}`);
    (one("textarea", form) || one("input:not([type=hidden]):not([type=radio])", form)).focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const within = document.activeElement;
    if (event.key === "Escape" && isTyping(within)) { within.blur(); return; }
    if (isTyping(event.target) || !/^[a-z]$/.test(event.key)) return;
    const radio = one(`[data-writing="${event.key}"]`);
    if (radio) { event.preventDefault(); write(radio); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches(".writing textarea")) event.target.form.requestSubmit();
  });

  /* A change anywhere redraws the page; what stands half-written in other forms stays. */
  let kept = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "panel") return;
    const sent = event.detail.requestConfig && event.detail.requestConfig.elt;
    const fields = all(".writing form").filter((form) => form !== sent).flatMap((form) => all("textarea, input:not([type=hidden]):not([type=radio])", form));
    kept = fields.filter((field) => field.value !== field.defaultValue).map((field) => [field.form.id, field.name, field.value]);
    const chosen = one("[name=writing]:checked");
    if (chosen) kept.push(["", "", chosen.id]);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "panel") return;
    const failed = one(".writing [aria-invalid]");
    kept.forEach(([form, name, value]) => {
      if (!form) { if (!failed && one(`#${value}`)) one(`#${value}`).checked = true; return; }
      const field = one(`#${form} [name="${name}"]`);
      if (field && !field.hasAttribute("aria-invalid")) field.value = value;
    });
    kept = [];
    const wrong = one("[aria-invalid]");
    if (wrong) wrong.focus();
  });
})();
