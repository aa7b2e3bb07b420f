// The laboratory: `m` and a stage's key move the card in focus, Enter goes down the check, the board asks with its tag.
const isOff = document.body.dataset.shortcuts === "off";
const board = () => document.querySelector("[data-lab-board]");

if (board()) {
  const mover = document.querySelector("form[data-mover]");
  let moving = null;
  document.addEventListener("keydown", (event) => {
    if (isOff || !mover || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
    if (moving) {
      const column = document.querySelector(`[data-stage-key="${CSS.escape(event.key)}"]`);
      const job = moving;
      moving = null;
      document.querySelectorAll("[data-moving]").forEach((card) => card.removeAttribute("data-moving"));
      if (!column) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      mover.elements.namedItem("job").value = job;
      mover.elements.namedItem("stage").value = column.dataset.stage;
      mover.requestSubmit();
      return;
    }
    const card = event.target.closest("[data-job]");
    if (event.key === "m" && card) {
      moving = card.dataset.job;
      card.setAttribute("data-moving", "");
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, { capture: true });

  let tag = "";
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches?.("[data-lab-board]") && tag) event.detail.headers["If-None-Match"] = tag;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.target.matches?.("[data-lab-board]")) return;
    tag = event.detail.xhr.getResponseHeader("ETag") || tag;
    // Somebody has ticked jobs or stands on a card: look again in 15 seconds.
    if (document.querySelector("[name=pick]:checked") || document.activeElement?.closest("[data-job]")) event.detail.shouldSwap = false;
  });
}

for (const select of document.querySelectorAll("select[data-auto]")) {
  select.form.querySelector("[data-without-script]")?.setAttribute("hidden", "");
  select.addEventListener("change", () => select.form.requestSubmit());
}

// The check: Enter goes to the next value, from the last one it finishes.
const check = document.querySelector("form[data-quality]");
check?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !event.target.matches("[data-reading]")) return;
  event.preventDefault();
  const boxes = [...check.querySelectorAll("[data-reading]")];
  const next = boxes[boxes.indexOf(event.target) + 1];
  if (next) { next.focus(); next.select(); } else check.requestSubmit();
});
