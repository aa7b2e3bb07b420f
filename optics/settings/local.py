"""`./dev up`: one machine, the practice's own data folder, plain http on the loopback address."""

from optics.settings.base import *

SECRET_KEY = SECRET_KEY or "only-for-a-practice-on-this-machine-its-start-command-makes-a-real-one"
