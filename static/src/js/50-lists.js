// Lists by keyboard: j and k move from row to row (the row's link has the focus, so Enter opens), x selects,
// `/` goes to the filter, 1 to 9 choose a saved view, a chip or what is due. The bar of the selected rows comes with a selection.
const isOff = document.body.dataset.shortcuts === "off";
const rows = () => [...document.querySelectorAll("[data-rows] tbody tr, ol[data-rows] > li, ul[data-rows] > li")];
const linkOf = (row) => row?.querySelector("a[href], button");

const numbered = () => ["[data-digits] a", ".views a", "nav.filters a.chip"]
  .map((links) => document.querySelectorAll(links)).find((links) => links.length) ?? [];

function move(step) {
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1)];
  linkOf(next)?.focus();
}

function toggle() {
  const box = document.activeElement?.closest("tr, li")?.querySelector("input[type=checkbox]");
  box?.click();
}

document.addEventListener("keydown", (event) => {
  if (isOff || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
  if (event.key === "/") {
    const filter = document.querySelector("main [data-filter], main input[type=search]");
    if (filter) { event.preventDefault(); filter.focus(); filter.select(); }
  } else if (/^[1-9]$/.test(event.key)) {
    numbered()[Number(event.key) - 1]?.click();
  } else if (rows().length) {
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "x") toggle();
  }
});

function refresh() {
  for (const bar of document.querySelectorAll("[data-bulk]")) {
    const picked = [...bar.elements].filter((box) => box.type === "checkbox" && box.checked).length;
    const count = bar.querySelector("[data-bulk-count]");
    bar.hidden = picked === 0;
    bar.querySelector("[data-bulk-clear]").hidden = false;
    count.textContent = picked === 1 ? count.dataset.one : count.dataset.many.replace("{n}", picked);
  }
}
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-pick-all]")) {
    for (const box of document.querySelectorAll(`input[type=checkbox][name="${event.target.dataset.pickAll || "pick"}"]`)) box.checked = event.target.checked;
  }
  refresh();
});
document.addEventListener("reset", () => setTimeout(refresh));
document.addEventListener("htmx:afterSwap", refresh);
addEventListener("pageshow", refresh);
