// Switches push notices on for one order. The page works without: it then says why it cannot.
const box = document.querySelector("[data-notices]");
const button = box?.querySelector("button");
const say = (name) => {
  for (const one of box.querySelectorAll("[data-say]")) one.hidden = one.dataset.say !== name;
};

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (text.length % 4)) % 4));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

async function switchOn() {
  button.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") return say("denied");
    const worker = await navigator.serviceWorker.register(box.dataset.worker, { scope: "/t/" });
    await navigator.serviceWorker.ready;
    const options = { userVisibleOnly: true, applicationServerKey: bytes(box.dataset.key) };
    const made = (await worker.pushManager.getSubscription()) ?? (await worker.pushManager.subscribe(options));
    const form = new URLSearchParams({ form_token: box.dataset.token, subscription: JSON.stringify(made) });
    const answer = await fetch(box.dataset.on, { method: "POST", body: form });
    if (answer.ok) return location.assign(`${location.pathname}?saved=on`);
    const told = await answer.json().catch(() => ({}));
    box.querySelector("[data-say=failed] b").textContent = told.why ?? "";
    say("failed");
  } catch {
    say("failed");
  } finally {
    button.disabled = false;
  }
}

if (box) {
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  const apple = /iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone;
  if (able && Notification.permission !== "denied") {
    say("ready");
    button.hidden = false;
    button.addEventListener("click", switchOn);
  } else say(able ? "denied" : apple ? "apple" : "unable");
}
