// Measures by keyboard: arrows move between tiles and between bars, Enter opens (they are links), Backspace goes up:
// back in history where that is the page above, so that it stands as it was left.
const typing = "input, textarea, select, [contenteditable], dialog[open]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(typing)) return;
  if (event.key === "Backspace") {
    const up = document.querySelector("main [data-up]");
    if (!up) return;
    event.preventDefault();
    const from = document.referrer && new URL(document.referrer);
    if (from && from.pathname === up.pathname && history.length > 1) history.back();
    else up.click();
    return;
  }
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const group = event.target.closest?.("[data-arrows]") ?? (event.target === document.body && document.querySelector("main [data-arrows]"));
  if (!step || !group) return;
  const links = [...group.querySelectorAll("a[href]")].filter((link) => link.getBoundingClientRect().width);
  const here = links.indexOf(document.activeElement);
  const next = links[Math.min(Math.max(here + step, 0), links.length - 1)];
  if (next) { event.preventDefault(); next.focus(); }
});
