/* Joined by `manage.py assets` from static/src. Change the sources. */

// 10-theme.js
{
// Light or dark: the button is a plain form; with script it changes at once and tells the server behind the scenes.
const root = document.documentElement;
const form = document.querySelector("form[data-theme-form]");
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  const body = new FormData(form);
  body.set("theme", root.dataset.theme);
  fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
});
}

// 20-focus.js
{
// After a refused form the summary is read first; after a swap the same holds for the new part of the page.
const focusSummary = (within) => within.querySelector(".error-summary")?.focus();
focusSummary(document);
document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));
}
