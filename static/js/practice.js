/* Joined by `manage.py assets` from static/src. Change the sources. */

// 10-theme.js
{
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
}

// 20-focus.js
{
// After a refused form the summary is read first; after a swap the same holds for the new part of the page.
const focusSummary = (within) => within.querySelector?.(".error-summary")?.focus();
focusSummary(document);
// A group of boxes cannot carry `autofocus`: its first box takes the cursor when nothing else has it.
if (document.activeElement === document.body) document.querySelector("[data-first-box] input:not([type=hidden])")?.focus();
document.addEventListener("htmx:afterSwap", (event) => focusSummary(event.target));

// The part of the page that is being fetched says so; the style sheet draws the line.
document.addEventListener("htmx:beforeRequest", (event) => event.detail.target?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", (event) => event.detail.target?.removeAttribute("aria-busy"));
}

// 25-menus.js
{
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
}

// 30-palette.js
{
// Ctrl-K: one box for everything. A combobox with list autocomplete and manual selection (ARIA APG): typing never
// chooses; Enter acts only on results that belong to what is typed, and waits for them when it comes first.
const dialog = document.getElementById("palette");
const input = dialog?.querySelector("[role=combobox]");
const list = dialog?.querySelector("[role=listbox]");
const state = { shown: null, asked: 0, timer: 0, entered: null };

const options = () => [...list.querySelectorAll("[role=option]")];
const current = () => list.querySelector("[aria-selected=true]");

function select(option) {
  current()?.setAttribute("aria-selected", "false");
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

function show(html, query) {
  list.innerHTML = html;
  state.shown = query;
  input.setAttribute("aria-expanded", String(options().length > 0));
  select(options()[0]);
  if (state.entered === query && input.value.trim() === query && current()) go(current());
  state.entered = null;
}

async function ask() {
  const query = input.value.trim();
  const turn = ++state.asked;
  list.setAttribute("aria-busy", "true");
  try {
    const url = `${dialog.dataset.url}?q=${encodeURIComponent(query)}`;
    const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
    if (answer.redirected) return location.assign(answer.url);
    const html = await answer.text();
    if (turn === state.asked) show(html, query);
  } catch {
    if (turn === state.asked) show(`<p class="none">${dialog.dataset.offline}</p>`, query);
  } finally {
    if (turn === state.asked) list.removeAttribute("aria-busy");
  }
}

function go(option) {
  const form = option.querySelector("form");
  if (form) return form.requestSubmit();
  location.assign(option.dataset.url);
}

function open(text = "") {
  if (dialog.open) return;
  input.value = text;
  dialog.showModal();
  input.focus();
  ask();
}

const steps = { ArrowDown: 1, ArrowUp: -1 };
input?.addEventListener("keydown", (event) => {
  if (event.key in steps) {
    event.preventDefault();
    const all = options();
    const next = all.indexOf(current()) + steps[event.key];
    select(all[(next + all.length) % all.length]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    const query = input.value.trim();
    if (state.shown === query) return void (current() && go(current()));
    state.entered = query;
    clearTimeout(state.timer);
    ask();
  }
});
input?.addEventListener("input", () => {
  state.entered = null;
  clearTimeout(state.timer);
  state.timer = setTimeout(ask, 80);
});
list?.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) go(option);
});
dialog?.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette-open]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("palette:open", (event) => open(event.detail ?? ""));
}
}

// 40-shortcuts.js
{
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
}

// 50-lists.js
{
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
}

// 52-back.js
{
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

// 60-scan.js
{
// A scanner types like a very fast person: `~`, the code, Enter. Outside boxes that opens what was scanned.
const place = document.getElementById("palette")?.dataset.scan;
const longestPause = 500;
let code = null;
let last = 0;

const inBox = (target) => target.closest?.("input, textarea, select, dialog[open]");

place && addEventListener("keydown", (event) => {
  const now = event.timeStamp;
  if (code !== null && now - last > longestPause) code = null;
  last = now;
  if (event.key === "~" && !inBox(event.target)) { code = ""; event.stopImmediatePropagation(); event.preventDefault(); return; }
  if (code === null) return;
  event.stopImmediatePropagation();
  event.preventDefault();
  if (event.key.length === 1) code += event.key;
  if (event.key !== "Enter" || !code) return;
  location.assign(`${place}?code=${encodeURIComponent(code)}`);
  code = null;
}, { capture: true });
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

// 65-choices.js
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

// 66-lab.js
{
// The laboratory: `m` and a stage's key move the card in focus, Enter goes down the check, the board asks with its tag.
const isOff = document.body.dataset.shortcuts === "off";
const board = () => document.querySelector("[data-lab-board]");

if (board()) {
  const mover = document.querySelector("form[data-mover]");
  let moving = null;
  document.addEventListener("keydown", (event) => {
    if (isOff || !mover || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
    if (moving) {
      const column = document.querySelector(`[data-stage-key="${CSS.escape(event.key)}"]`);
      const job = moving;
      moving = null;
      document.querySelectorAll("[data-moving]").forEach((card) => card.removeAttribute("data-moving"));
      if (!column) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      mover.elements.namedItem("job").value = job;
      mover.elements.namedItem("stage").value = column.dataset.stage;
      mover.requestSubmit();
      return;
    }
    const card = event.target.closest("[data-job]");
    if (event.key === "m" && card) {
      moving = card.dataset.job;
      card.setAttribute("data-moving", "");
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, { capture: true });

  let tag = "";
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches?.("[data-lab-board]") && tag) event.detail.headers["If-None-Match"] = tag;
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.target.matches?.("[data-lab-board]")) return;
    tag = event.detail.xhr.getResponseHeader("ETag") || tag;
    // Somebody has ticked jobs or stands on a card: look again in 15 seconds.
    if (document.querySelector("[name=pick]:checked") || document.activeElement?.closest("[data-job]")) event.detail.shouldSwap = false;
  });
}

for (const select of document.querySelectorAll("select[data-auto]")) {
  select.form.querySelector("[data-without-script]")?.setAttribute("hidden", "");
  select.addEventListener("change", () => select.form.requestSubmit());
}

// The check: Enter goes to the next value, from the last one it finishes.
const check = document.querySelector("form[data-quality]");
check?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !event.target.matches("[data-reading]")) return;
  event.preventDefault();
  const boxes = [...check.querySelectorAll("[data-reading]")];
  const next = boxes[boxes.indexOf(event.target) + 1];
  if (next) { next.focus(); next.select(); } else check.requestSubmit();
});
}

// 67-measures.js
{
// Measures by keyboard: arrows move between tiles and between bars, Enter opens (they are links), Backspace goes up:
// back in history where that is the page above, so that it stands as it was left.
const typing = "input, textarea, select, [contenteditable], dialog[open]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(typing)) return;
  if (event.key === "Backspace") {
    const up = document.querySelector("main [data-up]");
    if (!up) return;
    event.preventDefault();
    const from = document.referrer && new URL(document.referrer);
    if (from && from.pathname === up.pathname && history.length > 1) history.back();
    else up.click();
    return;
  }
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const group = event.target.closest?.("[data-arrows]") ?? (event.target === document.body && document.querySelector("main [data-arrows]"));
  if (!step || !group) return;
  const links = [...group.querySelectorAll("a[href]")].filter((link) => link.getBoundingClientRect().width);
  const here = links.indexOf(document.activeElement);
  const next = links[Math.min(Math.max(here + step, 0), links.length - 1)];
  if (next) { event.preventDefault(); next.focus(); }
});
}

// 67-pay.js
{
// Taking a payment by keyboard: opening the region puts the cursor into the amount; there, letters choose the way of paying
// (no letter is part of an amount), and the links beside it fill it in.
const ways = { c: "card", d: "cash", t: "transfer", m: "insurer", v: "voucher" };

function fill(form, link) {
  const box = form.elements.amount;
  box.value = link.dataset.amount;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  box.select();
}

for (const form of document.querySelectorAll("form[data-pay]")) {
  const box = form.elements.amount;
  form.closest("details")?.addEventListener("toggle", (event) => {
    if (!event.target.open || event.target !== form.closest("details")) return;
    box.focus();
    box.select();
  });
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    const way = form.querySelector(`input[name=method][value="${ways[event.key] ?? ""}"]`);
    const link = form.querySelector(`[data-amount-key="${CSS.escape(event.key)}"]`);
    if (!way && !link) return;
    event.preventDefault();
    if (way) way.checked = true;
    else fill(form, link);
  });
  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-amount]");
    if (!link) return;
    event.preventDefault();
    fill(form, link);
  });
}
}

// 70-forms.js
{
// Forms: one click sends once; what was typed is not lost by leaving, nor when the connection is gone.
const sent = new WeakSet();
const dirty = new Set();
const patienceMs = 8000;

const banner = document.getElementById("offline");
let again = null;

function offline(form) {
  if (!banner) return;
  again = form;
  banner.hidden = false;
  banner.querySelector("button").focus();
}
banner?.querySelector("button").addEventListener("click", () => {
  banner.hidden = true;
  if (again) again.requestSubmit();
  else location.reload();
});
addEventListener("online", () => { if (banner && !again) banner.hidden = true; });
document.addEventListener("htmx:sendError", () => offline(null));

// A long form first asks whether the server is there: a browser's error page would throw the entries away.
async function isReachable() {
  if (!navigator.onLine) return false;
  if (!banner) return true;
  try {
    await fetch(banner.dataset.ping, { method: "HEAD", cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(4000) });
    return true;
  } catch {
    return false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[method=post]") || event.defaultPrevented || form.matches("[hx-post], [hx-put], [data-unlock]")) return;
  if (sent.has(form)) return event.preventDefault();
  if (form.matches("[data-guard]") && !form.dataset.checked) {
    event.preventDefault();
    const button = event.submitter;
    // A browser ignores a second submit while the first one's event is still under way: hence the new turn.
    isReachable().then((there) => setTimeout(() => {
      if (!there) return offline(form);
      form.dataset.checked = "yes";
      form.requestSubmit(button ?? undefined);
    }));
    return;
  }
  if (!navigator.onLine) { event.preventDefault(); return offline(form); }
  sent.add(form);
  dirty.delete(form);
  const button = event.submitter;
  button?.setAttribute("aria-disabled", "true");
  // The person may have chosen to stay, or the answer is lost: sending again is safe, the key is the same.
  setTimeout(() => { sent.delete(form); button?.removeAttribute("aria-disabled"); }, patienceMs);
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-guard]");
  if (form) dirty.add(form);
});
document.addEventListener("form:kept", (event) => dirty.delete(event.target));
addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});
// Back from the next page (or from the browser's cache): the form may be sent again.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

// 80-lock.js
{
// The lock: Ctrl-Shift-L, or ten minutes without a key. The page stays where it is, hidden; PIN or password brings it
// back as it was. Any open window that is used keeps the others awake.
const place = document.getElementById("lock-place");
const app = document.querySelector(".app");
const idleMs = 10 * 60 * 1000;
const warnMs = 8 * 60 * 1000;
const tellMs = 3 * 60 * 1000;
let told = Date.now();
let before = null;

const usedAt = () => Number(localStorage.getItem("used-at")) || told;
function used() {
  if (!place.hidden) return;
  const now = Date.now();
  localStorage.setItem("used-at", now);
  document.getElementById("lock-warning").hidden = true;
  if (now - told < tellMs) return;
  told = now;
  post(place.dataset.awake);
}

const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
const post = (url, body = new FormData()) => {
  if (!body.has("csrfmiddlewaretoken")) body.set("csrfmiddlewaretoken", token());
  return fetch(url, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
};

async function lock() {
  if (!place.hidden) return;
  before = document.activeElement;
  app.inert = true;
  app.hidden = true;
  place.hidden = false;
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  try {
    const answer = await post(place.dataset.lock);
    if (answer.redirected || !answer.ok) return location.reload();
    fill(await answer.text());
  } catch {
    setTimeout(() => location.reload(), 30000);
  }
}

function fill(html) {
  place.querySelector("main").innerHTML = html;
  place.querySelector("#secret")?.focus();
}

place?.addEventListener("submit", async (event) => {
  if (!event.target.matches("[data-unlock]")) return;
  event.preventDefault();
  const answer = await post(event.target.action, new FormData(event.target));
  if (!(answer.headers.get("Content-Type") ?? "").includes("json")) return answer.redirected ? location.assign(answer.url) : fill(await answer.text());
  const result = await answer.json();
  if (!result.same) return location.assign(result.url);
  place.querySelector("main").innerHTML = "";
  place.hidden = true;
  app.hidden = false;
  app.inert = false;
  used();
  before?.focus();
});

if (place) {
  localStorage.setItem("used-at", Date.now());
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, used, { passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.shiftKey && event.key.toLowerCase() === "l") { event.preventDefault(); lock(); }
  });
  document.querySelector("[data-lock-now]")?.closest("form").addEventListener("submit", (event) => { event.preventDefault(); lock(); });
  document.body.addEventListener("locked", lock);
  setInterval(() => {
    const idle = Date.now() - usedAt();
    document.getElementById("lock-warning").hidden = idle < warnMs || !place.hidden;
    if (idle >= idleMs) lock();
  }, 5000);
}
}
