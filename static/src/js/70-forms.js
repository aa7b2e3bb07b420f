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
