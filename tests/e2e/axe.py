"""The accessibility gate: axe in the page itself, and what axe cannot see."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _source() -> str:
    folder = Path(axe_playwright_python.__file__).parent
    return next(folder.rglob("axe.min.js")).read_text()


def violations(page: Page, contrast: bool = True) -> list[str]:
    """What axe finds, one line a place. Evaluated, not added as a script: works under our Content Security Policy.

    `contrast` is by far the slowest rule; it may be left out where colours are tokens that were measured elsewhere. The window is made as tall as the page first, because a sticky foot covers links by chance otherwise.
    """
    page.evaluate(_source())
    return _whole(page, {"type": "tag", "values": TAGS}, [] if contrast else ["color-contrast"])


def found_by(page: Page, rules: list[str]) -> list[str]:
    """What these rules alone find, in a page into which axe was put before."""
    return _whole(page, {"type": "rule", "values": rules})


def _whole(page: Page, asked: dict[str, Any], without: Sequence[str] = ()) -> list[str]:
    size = page.viewport_size or {"width": 1280, "height": 800}
    tall = page.evaluate("Math.max(document.documentElement.scrollHeight, 800)")
    page.set_viewport_size({"width": size["width"], "height": min(int(tall), 20_000)})
    found = _run(page, {"runOnly": asked, "rules": {rule: {"enabled": False} for rule in without}})
    page.set_viewport_size(size)
    return found


def _run(page: Page, options: dict[str, Any]) -> list[str]:
    found: list[str] = page.evaluate(_FINDINGS, options | {"resultTypes": ["violations"]})
    return found


# Only what is wrong crosses from the browser, in words.
_FINDINGS = """asked => axe.run(asked).then(result => result.violations.flatMap(rule =>
  rule.nodes.map(node => `${rule.id}: ${JSON.stringify(node.target)} ${node.html.slice(0, 160)}`)))"""


def check(page: Page) -> None:
    """axe finds nothing; one h1; at most one primary button; no sideways scroll; no small target or text."""
    assert violations(page) == []
    assert page.locator("h1:visible").count() == 1, "one h1"
    assert page.locator("[data-kind=primary]:visible").count() <= 1, "at most one primary button"
    width = (page.viewport_size or {"width": 1280})["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "no sideways scroll"
    assert page.evaluate(_SMALL_TEXT) == []


# What a page in other colours can do wrong that the same page did right before.
COLOURS = ["color-contrast", "link-in-text-block"]
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def check_everywhere(page: Page) -> None:
    """The page in view: at a desk in light colours and in dark ones, then on a phone."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
    check(page)
    page.emulate_media(color_scheme="dark")
    found = found_by(page, COLOURS)
    assert found == [], found
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    check(page)


_SMALL_TEXT = """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('svg, .sr')
  && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 12)
  .map(e => e.outerHTML.slice(0, 80))"""


def hidden_stops(page: Page, limit: int = 60) -> list[str]:
    """Walk the page with Tab: stops that are covered by a bar or show no focus."""
    page.evaluate("document.activeElement?.blur()")
    found, seen = [], set()
    for _ in range(limit):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop is None or stop["id"] in seen:
            break
        seen.add(stop["id"])
        if stop["covered"] or not stop["outlined"]:
            found.append(f"{stop['html']} covered={stop['covered']} outlined={stop['outlined']}")
    return found


_STOP = """() => { const e = document.activeElement; if (!e || e === document.body) return null;
  window.__stops ??= new Map(); if (!window.__stops.has(e)) window.__stops.set(e, window.__stops.size);
  const r = e.getBoundingClientRect(), s = getComputedStyle(e), label = e.closest('label'),
    x = r.left + Math.min(r.width, innerWidth - r.left) / 2, y = r.top + r.height / 2, top = document.elementFromPoint(x, y);
  const holder = e.closest('.choice, .palette');
  return { id: window.__stops.get(e), html: e.outerHTML.slice(0, 90),
    covered: !(top && (e.contains(top) || top.contains(e) || label?.contains(top))),
    outlined: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 || !!holder && getComputedStyle(holder).outlineStyle !== 'none' }; }"""
