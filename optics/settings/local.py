"""`./dev up`: one machine, the practice's own data folder, plain http on the loopback address."""

from optics import env
from optics.settings.base import *

SECRET_KEY = SECRET_KEY or "only-for-a-practice-on-this-machine-its-start-command-makes-a-real-one"
# The sample practice shows paying online; with `stripe` it is the real thing, also in Stripe's test mode.
PAYMENT_GATEWAY = env.text("PAYMENT_GATEWAY", "stand-in" if env.flag("SAMPLE", True) else "")
