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

// 60-board.js
{
// The Today board: arrows move between cards, a / s / d act on the card in focus, the poll never moves the focus.
const board = () => document.querySelector("[data-board]");

if (board()) {
  const typing = (target) => target.closest("input, select, textarea, [contenteditable]");
  const slots = () => [...board().querySelectorAll(".slot")];

  const nearest = (from, key) => {
    const here = from.getBoundingClientRect();
    const vertical = key === "ArrowUp" || key === "ArrowDown";
    const sign = key === "ArrowDown" || key === "ArrowRight" ? 1 : -1;
    let best = null;
    for (const slot of slots()) {
      const there = slot.getBoundingClientRect();
      const along = sign * (vertical ? there.top - here.top : there.left - here.left);
      const across = Math.abs(vertical ? there.left - here.left : there.top - here.top);
      if (along <= 1) continue;
      const distance = along + 4 * across;
      if (!best || distance < best.distance) best = { slot, distance };
    }
    return best?.slot;
  };

  const act = (slot, key) => {
    let next = slot.nextElementSibling;
    if (next && !next.matches(".slot-act")) next = null;
    const button = next && (next.matches(`[data-act="${key}"]`) ? next : next.querySelector(`[data-act="${key}"]`));
    button?.click();
    return Boolean(button);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const slot = event.target.closest(".slot");
    if (event.key.startsWith("Arrow")) {
      const target = slot ? nearest(slot, event.key) : slots().find((one) => one.dataset.state !== "done");
      if (target && (slot || event.target === document.body)) {
        target.focus();
        event.preventDefault();
      }
    } else if (slot && document.body.dataset.shortcuts !== "off" && "asd".includes(event.key)) {
      if (act(slot, event.key)) event.preventDefault();
    }
  });

  // The poll asks with the tag of what is shown: 304 leaves the page as it is.
  let tag = "";
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches?.("[data-board]") && tag) event.detail.headers["If-None-Match"] = tag;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.target.matches?.("[data-board]")) return;
    tag = event.detail.xhr.getResponseHeader("ETag") || tag;
    // Somebody is in the middle of a line of the queue: look again in 20 seconds.
    if (document.activeElement?.closest(".queue-item[open]")) event.detail.shouldSwap = false;
  });

  // After a step the page opens again at its card.
  const named = location.hash && document.getElementById(location.hash.slice(1));
  if (named && board().contains(named)) (named.matches("details") ? named.querySelector("summary") : named).focus();
}
}

// 60-sign.js
{
// A pad to sign on: what is drawn goes into the hidden field as a PNG. Without script the typed name serves.
const form = document.querySelector("form[data-sign]");
const pad = form?.querySelector("[data-sign-pad]");
const canvas = pad?.querySelector("canvas");
if (canvas) {
  const ink = canvas.getContext("2d");
  const field = form.elements.namedItem("signature");
  let drawing = false;
  let length = 0;
  let last = null;
  pad.hidden = false;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) * canvas.width) / box.width, y: ((event.clientY - box.top) * canvas.height) / box.height };
  };
  const begin = (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    last = place(event);
  };
  const move = (event) => {
    if (!drawing) return;
    const here = place(event);
    ink.lineWidth = 5;
    ink.lineCap = "round";
    ink.strokeStyle = getComputedStyle(canvas).color;
    ink.beginPath();
    ink.moveTo(last.x, last.y);
    ink.lineTo(here.x, here.y);
    ink.stroke();
    length += Math.hypot(here.x - last.x, here.y - last.y);
    last = here;
  };
  const end = () => {
    if (!drawing) return;
    drawing = false;
    // A touch by mistake is no signature.
    field.value = length > 80 ? canvas.toDataURL("image/png") : "";
  };
  canvas.addEventListener("pointerdown", begin);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  pad.querySelector("[data-sign-clear]").addEventListener("click", () => {
    ink.clearRect(0, 0, canvas.width, canvas.height);
    length = 0;
    field.value = "";
  });
}
}
