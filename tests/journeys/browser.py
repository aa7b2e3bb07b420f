"""A person at a browser without script: opens pages, fills the forms that stand there, presses their buttons."""

import re
import uuid
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

# Forms of the frame around every page; they are meant only when named.
SHELL = {"/theme/", "/lock/", "/switch/", "/accounts/logout/", "/branch/switch/", "/account/logout/"}


@dataclass
class Form:
    """A form as the page shows it: where it sends, what stands in it, its buttons."""

    action: str = ""
    method: str = "get"
    id: str = ""
    values: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)
    choices: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


class _Forms(HTMLParser):
    """Collects forms with their standing values, the way a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._open: Form | None = None
        self._select: tuple[Form, str, bool] | None = None
        self._option: dict[str, str] | None = None
        self._textarea: tuple[Form, str] | None = None
        self._button: dict[str, str] | None = None
        self._loose: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(values.get("action", ""), values.get("method", "get").lower(), values.get("id", ""))
            self.forms.append(self._open)
            return
        if tag in {"input", "select", "textarea", "button"}:
            self._control(tag, values)
        if tag == "option" and self._select:
            form, name, chosen = self._select
            self._option = {"value": values.get("value", ""), "text": ""}
            if "selected" in values or not (chosen or form.values.get(name)):
                form.values[name] = [values.get("value", "")]
            if "selected" in values:
                self._select = (form, name, True)

    def _control(self, tag: str, values: dict[str, str]) -> None:
        form = self._form_of(values)
        if form is None:
            self._loose.append((tag, values))
            return
        name, kind = values.get("name", ""), values.get("type", "text")
        if tag == "button" or kind in {"submit", "image"}:
            self._button = {**values, "text": ""}
            form.buttons.append(self._button)
        elif tag == "select":
            self._select = (form, name, False)
        elif tag == "textarea":
            self._textarea = (form, name)
            form.values[name] = [""]
        elif name and "disabled" not in values:
            self._input(form, name, kind, values)

    def _input(self, form: Form, name: str, kind: str, values: dict[str, str]) -> None:
        if kind in {"checkbox", "radio"}:
            form.choices.setdefault(name, []).append((values.get("value", "on"), ""))
            if "checked" in values:
                form.values.setdefault(name, []).append(values.get("value", "on"))
        elif kind != "file":
            form.values.setdefault(name, []).append(values.get("value", ""))

    def _form_of(self, values: dict[str, str]) -> Form | None:
        if "form" in values:
            return next((form for form in self.forms if form.id == values["form"]), None)
        return self._open

    def handle_data(self, data: str) -> None:
        if self._textarea:
            form, name = self._textarea
            form.values[name] = [form.values[name][0] + data]
        if self._option is not None:
            self._option["text"] += data
        if self._button is not None:
            self._button["text"] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None
        elif tag == "option":
            if self._select and self._option:
                form, name, _chosen = self._select
                form.choices.setdefault(name, []).append((self._option["value"], self._option["text"].strip()))
            self._option = None
        elif tag == "button":
            self._button = None

    def finish(self) -> list[Form]:
        """Controls that name a form further down the page join it."""
        for tag, values in self._loose:
            if "form" in values:
                self._control(tag, values)
        return self.forms


class Person:
    """One person's browser. `text` is the page in view."""

    def __init__(self, user: Any = None) -> None:
        self.client = Client()
        self.url = ""
        self.status = 0
        self.text = ""
        if user is not None:
            self.client.force_login(user)

    @property
    def said(self) -> str:
        """The words of the page in view, for the message of a failed test."""
        main = self.text.partition("<main")[2] or self.text
        return " ".join(re.sub(r"<[^>]*>", " ", main).split())[:1500]

    def open(self, url: str) -> "Person":
        return self._see(self.client.get(url, follow=True), url)

    def send(self, fields: dict[str, Any] | None = None, *, form: str = "", button: str = "") -> "Person":
        """Fill and send the form whose action (or id) contains `form` (the first posting form otherwise)."""
        target = self._form(form, button)
        values: dict[str, Any] = {name: list(found) for name, found in target.values.items()}
        pressed = next(
            (b for b in target.buttons if button and (button in b["text"] or button == b.get("value"))), None
        )
        if pressed and pressed.get("name"):
            values[pressed["name"]] = pressed.get("value", "")
        values |= fields or {}
        action = (pressed or {}).get("formaction") or target.action or self.url
        return self._see(self.client.post(action, values, follow=True), action)

    def post(self, url: str, fields: dict[str, Any]) -> "Person":
        """Send what no form of the page in view sends: an old tab, a hand-written address."""
        return self._see(self.client.post(url, fields | {"_key": str(uuid.uuid4())}, follow=True), url)

    def _form(self, words: str, button: str) -> Form:
        parser = _Forms()
        parser.feed(self.text)
        posting = [form for form in parser.finish() if form.method == "post" and (words or form.action not in SHELL)]
        for form in posting:
            named = not words or words in (form.action or self.url) or words == form.id
            if named and (not button or any(button in b["text"] or button == b.get("value") for b in form.buttons)):
                return form
        there = [(form.action, form.id, [b["text"].strip() for b in form.buttons]) for form in posting]
        raise AssertionError(f"no form {words!r} with button {button!r} at {self.url}: {there}")

    def forms(self) -> list[Form]:
        parser = _Forms()
        parser.feed(self.text)
        return parser.finish()

    def _see(self, answer: Any, url: str) -> "Person":
        self.status = answer.status_code
        self.url = answer.redirect_chain[-1][0] if answer.redirect_chain else url
        is_text = "text" in answer.get("Content-Type", "") and not answer.streaming
        self.text = answer.content.decode() if is_text else ""
        self.answer = answer
        return self
