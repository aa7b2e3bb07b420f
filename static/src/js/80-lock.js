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
