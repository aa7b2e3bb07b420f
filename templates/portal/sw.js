{% load static %}// The worker of the customer's pages. It shows notices and opens the page they are about; it stores nothing.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let shown = {};
  try { shown = event.data.json(); } catch { return; }
  event.waitUntil(self.registration.showNotification(shown.title || "", {
    body: shown.body || "", tag: shown.tag || "order", renotify: true, icon: "{% static "app-192.png" %}", data: { url: shown.url || "/t/" },
  }));
});

// The push service changes its address now and then: the old one with its secret tells whose notices go on to the new one.
async function renew(event) {
  const old = event.oldSubscription;
  const options = { userVisibleOnly: true, applicationServerKey: old?.options?.applicationServerKey ?? "{{ key }}" };
  const made = event.newSubscription ?? (await self.registration.pushManager.subscribe(options));
  if (!old) return;
  const form = new URLSearchParams({ old: JSON.stringify(old), new: JSON.stringify(made) });
  await fetch("{% url "portal:notices_renewed" %}", { method: "POST", body: form });
}
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.origin);
  if (url.origin !== self.location.origin || !url.pathname.startsWith("/t/")) return;
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((pages) => {
    const open = pages.find((page) => new URL(page.url).pathname === url.pathname);
    // A page that is open already shows what was true when it was opened.
    return open ? open.focus().then((page) => page.navigate(url.href)) : self.clients.openWindow(url.href);
  }));
});
