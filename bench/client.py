"""A browser's worth of HTTP for one client: a kept connection, cookies, the hidden fields of a form."""

import http.client
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

_FIELD = re.compile(r"<(input|select|textarea)\b[^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    seconds: float
    queries: int
    location: str


@dataclass
class Client:
    """Talks to the loopback address only."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    count: bool = False
    line: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, values: Mapping[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(values))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if self.count:
            headers["X-Bench-Count"] = "1"
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.line = self.line or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.line.request(method, path, body, headers)
        response = self.line.getresponse()
        text = response.read()
        seconds = time.perf_counter() - began
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _sign, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        queries = int(response.getheader("X-Bench-Queries") or 0)
        location = response.getheader("Location") or ""
        return Answer(response.status, text.decode(errors="replace"), seconds, queries, location)


def fields(page: str) -> dict[str, str]:
    """Names and values of the boxes of the page's own form: the one that posts to where it stands."""
    forms = re.findall(r"<form\b([^>]*)>(.*?)</form>", page, re.DOTALL)
    posting = [body for head, body in forms if 'method="post"' in head and "action=" not in head]
    found: dict[str, str] = {}
    for tag in _FIELD.finditer(posting[0] if posting else ""):
        facts = {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag.group(0)[1:-1])}
        ticked = facts.get("type") not in ("radio", "checkbox") or "checked" in facts
        if facts.get("name") and facts.get("type") not in ("submit", "button") and ticked:
            found[facts["name"]] = facts.get("value", "")
    return found
