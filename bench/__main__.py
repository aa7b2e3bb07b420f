"""`python -m bench load|measure [customers]` and `python -m bench growth [orders ...]`."""

import os
import sys

import django

# The bench imports a few of the product's functions; the programs it starts get settings of their own.
os.environ["DJANGO_SETTINGS_MODULE"] = "optics.settings.test"
django.setup()
del os.environ["DJANGO_SETTINGS_MODULE"]

from bench.growth import growth
from bench.load import load
from bench.measure import measure
from runner.errors import StartError

COMMANDS = {"load": load, "measure": measure}


def main() -> int:
    verb, *rest = sys.argv[1:] or [""]
    known = verb == "growth" or (verb in COMMANDS and len(rest) <= 1)
    if not known or not all(text.isdecimal() for text in rest):
        sys.stderr.write("usage: python -m bench load|measure [customers, 10000 by default] | growth [orders ...]\n")
        return 2
    try:
        if verb == "growth":
            growth(*map(int, rest))
            return 0
        COMMANDS[verb](int(rest[0]) if rest else 10_000)
    except StartError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
