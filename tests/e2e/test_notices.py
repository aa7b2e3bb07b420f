"""Push notices in a browser: switched on by a press, sent by the worker, shown by the service worker, opened by a tap.

The browser's own push service cannot be reached from a test: what it would take over (the subscription, the way to the
device) is done by a service on this machine and by the browser's debugger. Everything else is the product.
"""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from core.actor import system
from notifications import vapid
from notifications.models import Message, MessageState, PushSubscription
from notifications.services import delivery, planning
from orders.models import Order
from orders.services import links
from orders.services.common import tell
from runner.environment import push_key
from tests.e2e.conftest import PHONE
from tests.notifications.push_service import Phone, Receiver, b64, receiving
from tests.orders import makers

SUBSCRIBE = """
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async (options) => {
    sessionStorage.asked = JSON.stringify([options.userVisibleOnly, ...options.applicationServerKey]);
    return { toJSON: () => (%s) };
  };
"""
SHOWN = """async () => {
  const worker = await navigator.serviceWorker.getRegistration("/t/");
  let found = [];
  for (let left = 500; !found.length && left; left -= 1) {
    found = await worker.getNotifications();
    if (!found.length) await new Promise((go) => setTimeout(go, 20));
  }
  return found.map((one) => ({ title: one.title, body: one.body, url: one.data.url }));
}"""
TAPPED = """async () => {
  const [notification] = await self.registration.getNotifications();
  const opened = new Promise((done) => { self.clients.openWindow = async (url) => done(url); });
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  return [await opened, (await self.registration.getNotifications()).length];
}"""

# What the browser fires when its push service has given the subscription another address.
CHANGED = """async ([old, made]) => {
  const done = [];
  const event = Object.assign(new Event("pushsubscriptionchange"), {
    oldSubscription: { toJSON: () => old }, newSubscription: { toJSON: () => made }, waitUntil: (work) => done.push(work),
  });
  self.dispatchEvent(event);
  await Promise.all(done);
}"""


@pytest.fixture
def order(settings: Any) -> Order:
    settings.PUSH_HOSTS = ["127.0.0.1"]
    settings.VAPID_PRIVATE_KEY = push_key()
    settings.QUIET_HOURS = ""
    return makers.confirmed(makers.shop("RSB", name="Rosebank"))


def switched_on(page: Page, order: Order, browser: dict[str, Any]) -> None:
    """By the link in a message to the page of notices, and one press there."""
    page.add_init_script(SUBSCRIBE % json.dumps(browser))
    page.goto("/" + links.link_for(order, "email").partition("//")[2].partition("/")[2])
    page.goto(f"/t/order/{order.public_code}/notices/")
    page.get_by_role("button", name="Switch notices on").click()
    page.get_by_text("Switched on. You hear from us at the next step.").wait_for()


def delivered(window: BrowserContext, page: Page, text: str) -> None:
    """What the browser's own push service would do: hand the deciphered text to the site's worker."""
    debugger: CDPSession = window.new_cdp_session(page)
    known: list[dict[str, Any]] = []
    debugger.on("ServiceWorker.workerRegistrationUpdated", lambda event: known.extend(event["registrations"]))
    debugger.send("ServiceWorker.enable")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    [worker] = [one for one in known if one["scopeURL"].endswith("/t/")][-1:]
    origin = worker["scopeURL"].removesuffix("/t/")
    sent = {"origin": origin, "registrationId": worker["registrationId"], "data": text}
    debugger.send("ServiceWorker.deliverPushMessage", sent)


def test_from_the_press_to_the_notice_on_the_screen_and_the_order_behind_it(
    browser: Browser, live_server: Any, order: Order
) -> None:
    window = browser.new_context(viewport=PHONE, base_url=live_server.url, permissions=["notifications"])
    window.set_default_timeout(30_000)
    page, phone = window.new_page(), Phone()
    with receiving(Receiver()) as service:
        mine = phone.at(f"{service.address}/send/1")
        keys = {"p256dh": mine.p256dh, "auth": mine.auth}
        switched_on(page, order, {"endpoint": mine.endpoint, "keys": keys})
        visible, *key = json.loads(page.evaluate("sessionStorage.asked"))
        assert visible is True and b64(bytes(key)) == vapid.public_key()
        assert PushSubscription.objects.get().endpoint == mine.endpoint

        tell("order.ready", system(), order)
        planning.plan_waiting()
        delivery.deliver_due()
        assert Message.objects.get(template_key="order_ready", channel="push").state == MessageState.SENT
        _path, headers, body = service.got[-1]
        assert headers["authorization"].endswith(f"k={vapid.public_key()}")
        text = json.dumps(phone.read(body))

    delivered(window, page, text)
    [shown] = page.evaluate(SHOWN)
    assert shown["title"] == "Your glasses are ready" and order.number in shown["body"]
    opened, left = window.service_workers[0].evaluate(TAPPED)
    assert (opened, left) == (f"{live_server.url}/t/order/{order.public_code}/", 0)
    page.goto(opened)
    assert order.number in page.locator("main").inner_text()

    other = Phone().at(f"{service.address}/send/2")
    made = {"endpoint": other.endpoint, "keys": {"p256dh": other.p256dh, "auth": other.auth}}
    window.service_workers[0].evaluate(CHANGED, [{"endpoint": mine.endpoint, "keys": keys}, made])
    assert PushSubscription.objects.get().endpoint == other.endpoint
    window.close()


def test_a_browser_that_forbids_notices_is_told_what_to_do(browser: Browser, live_server: Any, order: Order) -> None:
    window = browser.new_context(viewport=PHONE, base_url=live_server.url, permissions=[])
    page = window.new_page()
    page.add_init_script("Object.defineProperty(Notification, 'permission', { get: () => 'denied' })")
    page.goto("/" + links.link_for(order, "email").partition("//")[2].partition("/")[2])
    page.goto(f"/t/order/{order.public_code}/notices/")
    page.get_by_text("Your browser does not allow notices from this page.").wait_for()
    assert not page.get_by_role("button", name="Switch notices on").is_visible()
    assert not PushSubscription.objects.exists()
    window.close()
