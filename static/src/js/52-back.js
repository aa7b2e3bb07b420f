// Going back, the cursor stands on the link that was followed: a list or a drawing is walked on from where one left it.
// Kept for this tab alone: addresses of our pages, as its history holds them too.
const kept = "[data-rows] a[href], [data-arrows] a[href]";
const here = location.pathname + location.search;
const most = 30;
const places = () => JSON.parse(sessionStorage.getItem("followed") || "[]");

addEventListener("click", (event) => {
  const link = event.target.closest?.(kept);
  if (!link) return;
  const others = places().filter(([page]) => page !== here).slice(1 - most);
  sessionStorage.setItem("followed", JSON.stringify([...others, [here, link.getAttribute("href")]]));
});

if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
  const followed = places().find(([page]) => page === here)?.[1];
  const links = [...document.querySelectorAll(kept)].filter((link) => link.getAttribute("href") === followed);
  links.find((link) => link.getBoundingClientRect().width)?.focus({ preventScroll: true });
}
