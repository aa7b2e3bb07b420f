// The Today board: arrows move between cards, a / s / d act on the card in focus, the poll never moves the focus.
const board = () => document.querySelector("[data-board]");

if (board()) {
  const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
  const slots = () => [...board().querySelectorAll(".slot")];

  const nearest = (from, key) => {
    const here = from.getBoundingClientRect();
    const vertical = key === "ArrowUp" || key === "ArrowDown";
    const sign = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
    let best = null;
    for (const slot of slots()) {
      const there = slot.getBoundingClientRect();
      const along = sign * (vertical ? there.top - here.top : there.left - here.left);
      const across = Math.abs(vertical ? there.left - here.left : there.top - here.top);
      if (along <= 1) continue;
      const distance = along + 4 * across;
      if (!best || distance < best.distance) best = { slot, distance };
    }
    return best?.slot;
  };

  const act = (slot, key) => {
    let next = slot.nextElementSibling;
    if (next && !next.matches(".slot-act")) next = null;
    const button = next && (next.matches(`[data-act="${key}"]`) ? next : next.querySelector(`[data-act="${key}"]`));
    button?.click();
    return Boolean(button);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const slot = event.target.closest(".slot");
    if (event.key.startsWith("Arrow")) {
      const target = slot ? nearest(slot, event.key) : slots().find((one) => one.dataset.state !== "done");
      if (target && (slot || event.target === document.body)) {
        target.focus();
        event.preventDefault();
      }
    } else if (slot && document.body.dataset.shortcuts !== "off" && "asd".includes(event.key)) {
      if (act(slot, event.key)) event.preventDefault();
    }
  });

  // The poll asks with the tag of what is shown: 304 leaves the page as it is.
  let tag = "";
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches?.("[data-board]") && tag) event.detail.headers["If-None-Match"] = tag;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.target.matches?.("[data-board]")) return;
    tag = event.detail.xhr.getResponseHeader("ETag") || tag;
    // Somebody is in the middle of a line of the queue: look again in 20 seconds.
    if (document.activeElement?.closest(".queue-item[open]")) event.detail.shouldSwap = false;
  });

  // After a step the page opens again at its card.
  const named = location.hash && document.getElementById(location.hash.slice(1));
  if (named && board().contains(named)) (named.matches("details") ? named.querySelector("summary") : named).focus();
}
