// The refraction grid: shorthand understood at once, keys of the trade, and the server's judgement beside the cells.
// Nothing is decided here: the server reads and judges every value again. Without script the form works as it stands.
const form = document.querySelector("form[data-rx]");
const MINUS = "\u2212";
const cells = [...form.querySelectorAll("[data-grid] input.cell")];
const columns = cells.length / 2;
const at = (cell) => ({ eye: cells.indexOf(cell) < columns ? 0 : 1, column: cells.indexOf(cell) % columns });
const kindOf = (cell) => cell.dataset.entry ?? "text";

// ---------------------------------------------------------------- reading and showing
const plain = (text) => text.replace(/[\u2212\u2013\u2012\uff0d]/g, "-").replace(/\uff0b/g, "+").replace(/,/g, ".").replace(/[\s\u00a0]/g, "").toLowerCase();
const EIGHTHS = { 12: 0.125, 13: 0.125, 37: 0.375, 38: 0.375, 62: 0.625, 63: 0.625, 87: 0.875, 88: 0.875 };

/** Dioptres of a typed power, or null when it is blank or not to be read in one way. */
function powerOf(text, kind) {
  const written = plain(text);
  if (["pl", "plano", "pln", "plan"].includes(written)) return 0;
  const match = /^([+-]?)(\d*)(\.?)(\d*)$/.exec(written);
  if (!match || !(match[2] || match[4])) return null;
  const [, sign, digits, point, fraction] = match;
  const size = point ? pointed(digits, fraction) : shorthand(digits);
  if (size === null || size % 0.125 !== 0) return null;
  if (size !== 0 && kind !== "add" && !sign) return null;
  if (kind === "add" && sign === "-") return null;
  return sign === "-" ? -size : size;
}

function pointed(digits, fraction) {
  const two = (fraction + "00").slice(0, 2);
  if (fraction.length <= 2 && EIGHTHS[two] !== undefined) return Number(digits || 0) + EIGHTHS[two];
  return Number(`${digits || 0}.${fraction || 0}`);
}

function shorthand(digits) {
  const number = Number(digits);
  if (number === 0) return 0;
  if (number <= 20) return digits.startsWith("0") ? null : number;
  return number % 25 ? null : number / 100;
}

/** Signed, two places, eighths cut short: as the product prints powers. */
function shownPower(value) {
  const size = (Math.floor(Math.abs(value) * 100 + 1e-6) / 100).toFixed(2);
  return Number(size) === 0 ? "0.00" : `${value > 0 ? "+" : MINUS}${size}`;
}

function axisOf(text) {
  const written = plain(text).replace(/\u00b0$/, "");
  return /^\d+$/.test(written) && Number(written) >= 1 && Number(written) <= 180 ? Number(written) : null;
}

const shownAxis = (degrees) => `${String(degrees).padStart(3, "0")}\u00b0`;
const BASES = { i: "in", in: "in", bi: "in", o: "out", out: "out", bo: "out", u: "up", up: "up", bu: "up", d: "down", dn: "down", down: "down", bd: "down" };

function shownPrism(text) {
  const match = /^(\d*\.?\d+)([a-z]+)$/.exec(plain(text));
  return match && BASES[match[2]] ? `${Number(match[1]).toFixed(2)} ${BASES[match[2]]}` : text;
}

/** Rewrite a cell as what was understood; leave alone what was not. */
function normalise(cell) {
  const kind = kindOf(cell);
  if (["sphere", "cylinder", "add"].includes(kind)) {
    const value = powerOf(cell.value, kind);
    if (value !== null) cell.value = shownPower(value);
  } else if (kind === "axis") {
    const value = axisOf(cell.value);
    if (value !== null) cell.value = shownAxis(value);
  } else if (kind === "prism") {
    cell.value = shownPrism(cell.value);
  }
}

// ---------------------------------------------------------------- beside the cells
/** How far each value lies from the last prescription, which is shown in the cylinder form that is typed. */
function showDeltas() {
  for (const row of form.querySelectorAll("[data-ghost]")) {
    const typed = cells.filter((cell) => cell.name.startsWith(`${row.dataset.ghost}_`));
    const ghosts = [...row.querySelectorAll("td")];
    const column = ghosts.findIndex((ghost) => ghost.dataset.name === "cylinder");
    const isTurned = column >= 0 && Number(ghosts[column].dataset.value) * (powerOf(typed[column].value, "cylinder") ?? 0) < 0;
    const words = row.querySelector("th small");
    if (words) words.hidden = !isTurned;
    ghosts.forEach((ghost, n) => showDelta(ghost, typed[n], isTurned));
  }
}

function showDelta(ghost, cell, isTurned) {
  const label = ghost.querySelector(".delta");
  if (!label || ghost.dataset.value === "" || ghost.dataset.value === undefined) return;
  const before = Number(isTurned ? ghost.dataset.other : ghost.dataset.value);
  const kind = kindOf(cell);
  label.textContent = "";
  if (["sphere", "cylinder"].includes(kind)) ghost.firstChild.nodeValue = shownPower(before);
  if (kind === "axis") ghost.firstChild.nodeValue = shownAxis(before);
  if (kind === "axis") {
    const now = axisOf(cell.value);
    const apart = Math.abs((now ?? before) - before) % 180;
    if (now !== null && apart) label.textContent = `${Math.min(apart, 180 - apart)}\u00b0`;
  } else if (["sphere", "cylinder", "add"].includes(kind)) {
    const now = powerOf(cell.value, kind);
    if (now !== null && now !== before) label.textContent = shownPower(now - before);
  }
}

/** After the server answered: tint the cells and tie them to what is said about them. */
function markCells() {
  for (const cell of cells) {
    const lines = [...form.querySelectorAll(`tr.says[data-cell="${cell.name}"]`)];
    const tone = ["danger", "warning"].find((wanted) => lines.some((line) => line.dataset.tone === wanted));
    const box = cell.closest("td");
    tone ? (box.dataset.tone = tone) : delete box.dataset.tone;
    tone === "danger" ? cell.setAttribute("aria-invalid", "true") : cell.removeAttribute("aria-invalid");
    const ids = lines.map((line) => line.firstElementChild.id).join(" ");
    ids ? cell.setAttribute("aria-describedby", ids) : cell.removeAttribute("aria-describedby");
  }
}

const typed = () => new URLSearchParams(new FormData(form)).toString();
let saved = typed();
let isStored = form.dataset.stored === "yes";
const hasTyped = () => typed() !== saved;

let asking = null;
let pause = 0;

/** Ask the server what it makes of the values; parts of the page with the same id are replaced. Silence when it is away. */
function check() {
  clearTimeout(pause);
  pause = setTimeout(ask, 120);
}

async function ask() {
  asking?.abort();
  asking = new AbortController();
  const body = new FormData(form);
  const active = document.activeElement;
  // A cell that is still being typed in is not judged yet.
  if (cells.includes(active) && active.value !== active.dataset.settled) body.set(active.name, active.dataset.settled ?? "");
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  const sent = { method: "POST", body, signal: asking.signal, headers: { "X-Requested-With": "fetch" } };
  const answer = await fetch(form.dataset.check, sent).catch(() => null);
  const html = answer?.ok ? await answer.text().catch(() => "") : "";
  if (html) replaceParts(html);
}

function replaceParts(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const ticked = [...form.querySelectorAll("input[name=confirm]:checked")].map((box) => box.value);
  const focused = document.activeElement?.name === "confirm" ? document.activeElement.value : "";
  for (const part of holder.content.querySelectorAll("[id]")) {
    if (!part.parentElement?.closest("[id]")) document.getElementById(part.id)?.replaceWith(part);
  }
  for (const box of form.querySelectorAll("input[name=confirm]")) {
    box.checked ||= ticked.includes(box.value);
    if (box.value === focused) box.focus();
  }
  markCells();
}

form.addEventListener("focusin", (event) => {
  if (cells.includes(event.target)) event.target.dataset.settled = event.target.value;
});

form.addEventListener("change", (event) => {
  if (!event.target.matches("input, select, textarea") || event.target.type === "checkbox" || event.target.type === "file") return;
  if (cells.includes(event.target)) {
    normalise(event.target);
    event.target.dataset.settled = event.target.value;
  }
  showSums();
  showDeltas();
  check();
});

/** The pair's PD as the sum of both eyes, shown where it is left blank. */
function showSums() {
  for (const name of ["far_pd", "near_pd"]) {
    const both = form.elements[name];
    if (!both) continue;
    const each = ["right", "left"].map((eye) => Number.parseFloat(form.elements[`${eye}_${name}`].value));
    both.placeholder = each.some(Number.isNaN) ? "" : (each[0] + each[1]).toFixed(1);
  }
}

// ---------------------------------------------------------------- keys
function focusCell(cell) {
  cell.focus();
  cell.select();
}

function step(cell, direction, isLarge) {
  const kind = kindOf(cell);
  if (kind === "axis") {
    const now = axisOf(cell.value) ?? 180;
    const moved = (((now + direction * (isLarge ? 1 : 5) - 1) % 180) + 180) % 180;
    cell.value = shownAxis(moved + 1);
  } else if (["sphere", "cylinder", "add"].includes(kind)) {
    const moved = (powerOf(cell.value, kind) ?? 0) + direction * (isLarge ? 1 : 0.25);
    if (kind === "add" && moved < 0) return;
    cell.value = shownPower(moved);
  } else {
    return;
  }
  cell.dataset.settled = cell.value;
  showDeltas();
  check();
}

function copyOther(cell) {
  const { eye, column } = at(cell);
  cell.value = cells[(1 - eye) * columns + column].value;
  cell.dispatchEvent(new Event("change", { bubbles: true }));
  cell.select();
}

function nextEyeOrSave(cell) {
  cell.dispatchEvent(new Event("change", { bubbles: true }));
  if (at(cell).eye === 0) return focusCell(cells[columns]);
  const after = form.elements.reason_code ?? form.elements.prescriber_name;
  if (after) return after.focus();
  document.querySelector("[data-rx-save]")?.click();
}

form.addEventListener("keydown", (event) => {
  const cell = event.target;
  if (!cells.includes(cell) || event.ctrlKey || event.metaKey || event.altKey) return;
  const acts = {
    Enter: () => nextEyeOrSave(cell),
    ArrowUp: () => step(cell, 1, event.shiftKey),
    ArrowDown: () => step(cell, -1, event.shiftKey),
    "=": () => copyOther(cell),
  };
  if (!acts[event.key]) return;
  event.preventDefault();
  acts[event.key]();
});

// Ctrl Enter keeps what was typed; pressed again, with nothing typed since, it signs. A page without a draft signs at once.
// Heard before the shell's own Ctrl Enter, which would send the form the first time.
function chord(event) {
  if (!(event.ctrlKey || event.metaKey)) return;
  const acts = { Enter: commitAndGoOn, d: toggleBeside };
  const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  act();
}
document.addEventListener("keydown", chord, { capture: true });

function commitAndGoOn() {
  const active = document.activeElement;
  if (cells.includes(active)) active.dispatchEvent(new Event("change", { bubbles: true }));
  saveOrSign();
}

let isSaving = false;
let wantsSignature = false;

async function saveOrSign() {
  const sign = document.querySelector("[data-rx-sign]");
  const save = document.querySelector("[data-rx-save]");
  if (isSaving) {
    wantsSignature = Boolean(sign);
  } else if (!save || (isStored && !hasTyped())) {
    form.requestSubmit(sign ?? save);
  } else {
    await keep(save);
  }
}

/** Save the draft behind the page, so that the keyboard never waits for a new document. A refusal shows the full page. */
async function keep(save) {
  isSaving = true;
  form.setAttribute("aria-busy", "true");
  const body = new FormData(form, save);
  const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
  const target = answer?.headers.get("HX-Redirect");
  if (target) await adopt(target);
  form.removeAttribute("aria-busy");
  isSaving = false;
  if (!target) form.requestSubmit(save);
  else if (wantsSignature) form.requestSubmit(document.querySelector("[data-rx-sign]"));
}

/** The page of the stored draft takes over: its address, hidden fields, heading and next action; the cells stay in use. */
async function adopt(address) {
  const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
  history.replaceState(null, "", address);
  form.action = address;
  for (const hidden of page.querySelectorAll("form[data-rx] input[type=hidden]")) form.elements[hidden.name].value = hidden.value;
  form.dataset.check = page.querySelector("form[data-rx]").dataset.check;
  for (const part of [".head", ".nextbar", ".toasts"]) document.querySelector(part)?.replaceWith(page.querySelector(part));
  document.querySelector(".error-summary")?.remove();
  isStored = true;
  saved = typed();
  form.dispatchEvent(new CustomEvent("form:kept", { bubbles: true }));
}

// ---------------------------------------------------------------- the last prescription beside
function toggleBeside() {
  const beside = document.getElementById("rx-beside");
  if (beside) beside.hidden = !beside.hidden;
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-side-by-side]")) return;
  event.preventDefault();
  toggleBeside();
});

// ---------------------------------------------------------------- a pad for fingers
const PAD = ["+", MINUS, "7", "8", "9", ".25", "4", "5", "6", ".50", "1", "2", "3", ".75", "0", ".", "\u232b", "\u21e5"];

function press(key) {
  const cell = cells.includes(document.activeElement) ? document.activeElement : cells[0];
  if (key === "\u21e5") {
    cell.dispatchEvent(new Event("change", { bubbles: true }));
    return focusCell(cells[(cells.indexOf(cell) + 1) % cells.length]);
  }
  const isWhole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
  const before = isWhole ? "" : cell.value;
  cell.value = key === "\u232b" ? before.slice(0, -1) : before + key;
}

function buildPad() {
  const pad = document.querySelector("[data-rx-pad]");
  if (!pad || !matchMedia("(pointer: coarse)").matches) return;
  for (const key of PAD) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: key });
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => press(key));
    pad.append(button);
  }
  pad.hidden = false;
  for (const cell of cells) if (kindOf(cell) !== "text") cell.inputMode = "none";
}

buildPad();
showSums();
showDeltas();
if (!document.querySelector(".error-summary") && cells.length) focusCell(cells[0]);
