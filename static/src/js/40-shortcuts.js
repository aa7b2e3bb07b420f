// Single keys outside boxes: `g` then a letter goes somewhere, a letter presses what carries it, `?` lists them all.
// They can be switched off in the profile (WCAG 2.1.4). Ctrl-Enter sends the form, Alt and a letter go to
// a box; these are never off.
const isOff = document.body.dataset.shortcuts === "off";
const boxes = "input, textarea, select, [contenteditable], dialog[open]";
let going = -Infinity;

const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
const find = (attribute, key) =>
  [...document.querySelectorAll(`[${attribute}="${CSS.escape(key)}"]`)].find(visible);

function press(element) {
  if (element.matches("[data-pick-all]")) element.click();
  else if (element.matches("input, select, textarea, [tabindex]")) element.focus();
  else element.click();
}

// The button that Ctrl-Enter means: the primary one of the form we are in (its parts may lie anywhere on the page), else
// the one that says so, else the page's own.
function sender(element) {
  const posting = (form) => (form?.matches("[method=post]") ? form : null); // a box may be called `method`
  const primary = (buttons) => [...buttons].find((one) => one.matches?.("button[data-kind=primary]") && posting(one.form));
  const own = posting(element.form ?? element.closest?.("form"));
  return (own && primary(own.elements)) ?? find("data-key", "ctrl+enter") ?? own?.querySelector("button:not([type=button])")
    ?? primary([...document.querySelectorAll("main button, [data-next] button, .nextbar button")].filter(visible));
}

// Alt and a letter go to the box that names it, from inside another box too: browsers disagree about `accesskey`.
function toBox(event) {
  const key = /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : event.key.toLowerCase();
  const named = find("accesskey", key);
  const box = named?.control ?? named;
  if (!box) return false;
  event.preventDefault();
  box.focus();
  box.select?.();
  return true;
}

async function showKeys() {
  const dialog = document.getElementById("keys");
  if (!dialog || dialog.open) return;
  const answer = await fetch(dialog.dataset.url, { headers: { "X-Requested-With": "fetch" } });
  dialog.querySelector("[data-keys-body]").innerHTML = await answer.text();
  const here = dialog.querySelector("[data-keys-here]");
  for (const element of document.querySelectorAll("main [data-key]")) {
    if (!visible(element)) continue;
    const [term, said] = [document.createElement("dt"), document.createElement("dd")];
    const kbd = term.appendChild(document.createElement("kbd"));
    kbd.textContent = element.dataset.key;
    const copy = element.cloneNode(true);
    copy.querySelectorAll("kbd").forEach((shown) => shown.remove());
    said.textContent = (element.ariaLabel || copy.textContent).trim();
    here.append(term, said);
  }
  here.closest("section").hidden = !here.children.length;
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const button = sender(event.target);
    if (!button) return;
    event.preventDefault();
    button.form.requestSubmit(button);
    return;
  }
  if (event.altKey && !event.ctrlKey && !event.metaKey && toBox(event)) return;
  if (isOff || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(boxes) || event.repeat) return;
  if (event.key === "?") return void showKeys();
  if (event.timeStamp - going < 2000) {
    going = -Infinity;
    const link = find("data-go", event.key);
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  if (event.key === "g") { going = event.timeStamp; return; }
  const target = find("data-key", event.key);
  if (!target) return;
  event.preventDefault();
  press(target);
});
