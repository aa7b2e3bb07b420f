// Light or dark: the button is a plain form; with script it changes at once and tells the server behind the scenes.
const root = document.documentElement;
const turn = (event) => {
  const form = event.target;
  event.preventDefault();
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  const body = new FormData(form);
  body.set("theme", root.dataset.theme);
  fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
};
document.querySelectorAll("form[data-theme-form]").forEach((form) => form.addEventListener("submit", turn));
