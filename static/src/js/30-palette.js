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
