// Going back, the cursor stands on the link that was followed: a list or a drawing is walked on from where one left it.
const kept = "[data-rows] a[href], [data-arrows] a[href]";

addEventListener("click", (event) => {
  const link = event.target.closest?.(kept);
  if (link) history.replaceState({ ...history.state, at: link.getAttribute("href") }, "");
});

if (performance.getEntriesByType("navigation")[0]?.type !== "navigate" && history.state?.at) {
  const links = [...document.querySelectorAll(kept)].filter((link) => link.getAttribute("href") === history.state.at);
  links.find((link) => link.getBoundingClientRect().width)?.focus({ preventScroll: true });
}
