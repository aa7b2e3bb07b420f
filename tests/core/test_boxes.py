"""Boxes that are put together as text say what Django's templates say."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.test.html import parse_html
from django.utils.translation import gettext_lazy

from core import boxes
from core.forms import Renderer

CHOICES = [("", "none"), ("a", 'A "quoted" <b>'), (gettext_lazy("More"), [(1, gettext_lazy("Due today")), (2, "two")])]
WIDGETS: list[tuple[forms.Widget, Any]] = [
    (forms.TextInput({"class": "num", "required": True, "disabled": False}), "<5 & 'six'\">"),
    (forms.TextInput(), None),
    (forms.NumberInput({"step": "0.25"}), 3),
    (forms.EmailInput(), "a@b.example"),
    (forms.URLInput(), ""),
    (forms.PasswordInput(), "secret"),
    (forms.HiddenInput(), 0),
    (forms.DateInput({"type": "date"}, "%Y-%m-%d"), "2026-11-26"),
    (forms.TimeInput(), "08:30"),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), False),
    (forms.Select({"class": "input"}, CHOICES), 1),
    (forms.Select({}, CHOICES), None),
    (forms.NullBooleanSelect(), True),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_a_box_says_what_its_template_says(widget: forms.Widget, value: Any) -> None:
    context = widget.get_context("name & co", value, {"id": "id_<1>"})
    box = boxes.drawn(widget.template_name, context["widget"])
    assert box is not None
    assert parse_html(box) == parse_html(TemplatesSetting().render(widget.template_name, context))
    assert Renderer().render(widget.template_name, context) == box


@pytest.mark.parametrize("widget", [forms.Textarea(), forms.RadioSelect(choices=CHOICES), forms.Select(choices=[])])
def test_other_widgets_keep_their_templates(widget: forms.Widget) -> None:
    context = widget.get_context("name", "a", {"id": "id_name"})
    assert boxes.drawn(widget.template_name, context["widget"]) is None
    assert Renderer().render(widget.template_name, context) == TemplatesSetting().render(widget.template_name, context)
