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
