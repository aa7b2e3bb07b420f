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

// 40-choices.js
{
// Choosing with few keys: 1 to 9 take a row of a list of choices, = copies the other eye, a marked frame is sent at once.
for (const spare of document.querySelectorAll("[data-without-script]")) spare.hidden = true;

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form?.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const here = event.target;
  if (here instanceof HTMLInputElement && here.dataset.mate && event.key === "=") {
    event.preventDefault();
    here.value = document.getElementById(here.dataset.mate)?.value ?? here.value;
    here.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  const rows = here.closest?.("fieldset.choices")?.querySelectorAll("input[type=radio], input[type=checkbox]");
  if (!rows || !/^[1-9]$/.test(event.key) || here.type === "text") return;
  const row = rows[Number(event.key) - 1];
  if (!row) return;
  event.preventDefault();
  row.focus();
  if (row.type === "checkbox" || !row.checked) row.click();
});
}
