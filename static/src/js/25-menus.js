// Menus are <details>: they open without script. With it they close on Escape and on a click elsewhere.
const menus = document.querySelectorAll("details[data-menu]");
const closeAll = (except) => menus.forEach((menu) => { if (menu !== except) menu.open = false; });

document.addEventListener("click", (event) => closeAll(event.target.closest("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  const open = [...menus].find((menu) => menu.open);
  if (event.key !== "Escape" || !open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// Toasts: closed by hand, or by themselves after ten seconds unless somebody is in them.
for (const toast of document.querySelectorAll("[data-toast]")) {
  const close = toast.querySelector("[data-dismiss]");
  close.hidden = false;
  close.addEventListener("click", () => toast.remove());
  const fade = () => (toast.matches(":hover, :focus-within") ? setTimeout(fade, 2000) : toast.remove());
  setTimeout(fade, 10000);
}

// Sections of one page: the one in view is marked.
const anchors = [...document.querySelectorAll(".anchors a")];
if (anchors.length && "IntersectionObserver" in window) {
  const mark = (id) => anchors.forEach((a) => (a.hash === `#${id}` ? a.setAttribute("aria-current", "true") : a.removeAttribute("aria-current")));
  const seen = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).slice(0, 1).forEach((entry) => mark(entry.target.id)),
    { rootMargin: "-20% 0px -70% 0px" },
  );
  anchors.map((a) => document.getElementById(a.hash.slice(1))).filter(Boolean).forEach((section) => seen.observe(section));
}
