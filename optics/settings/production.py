"""Settings for a practice reached over a network. They refuse to start insecurely."""

from django.core.exceptions import ImproperlyConfigured

from optics import env
from optics.settings.base import *

if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured("SECRET_KEY must be set to at least 50 random characters")
if not env.names("ALLOWED_HOSTS") or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts that this practice answers to")
if not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured("SITE_URL must be the practice's https:// address")
for name in ("DATABASE_URL", "REDIS_URL"):
    if not env.text(name):
        raise ImproperlyConfigured(f"{name} must be set: production runs on servers of its own")
if PAYMENT_GATEWAY not in ("", "stripe"):
    raise ImproperlyConfigured("PAYMENT_GATEWAY may be empty or stripe: the stand-in marks orders paid without money")
if PAYMENT_GATEWAY == "stripe" and not (STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRETS):
    raise ImproperlyConfigured("PAYMENT_GATEWAY=stripe needs STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRETS")

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", True) else None
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
