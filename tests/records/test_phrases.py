"""Events in words: every kind of the contract has a sentence, and what an event lacks never breaks one."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from records import phrases
from records.models import Event

KINDS = [
    "customer.created",
    "customer.changed",
    "customer.merged",
    "consent.given",
    "consent.withdrawn",
    "appointment.booked",
    "appointment.moved",
    "appointment.arrived",
    "appointment.cancelled",
    "appointment.no_show",
    "visit.started",
    "visit.test_started",
    "visit.dispensing_started",
    "visit.ended",
    "prescription.drafted",
    "prescription.signed",
    "prescription.corrected",
    "prescription.withdrawn",
    "order.started",
    "order.prescription_chosen",
    "order.frame_chosen",
    "order.lens_chosen",
    "order.measured",
    "order.cancelled",
    "order.note",
    "quotation.made",
    "quotation.sent",
    "quotation.opened",
    "quotation.approved",
    "quotation.declined",
    "quotation.lapsed",
    "order.confirmed",
    "payment.taken",
    "payment.refunded",
    "payment.adjusted",
    "order.repromised",
    "labjob.released",
    "labjob.advanced",
    "labjob.moved",
    "labjob.held",
    "labjob.resumed",
    "labjob.qc_passed",
    "labjob.qc_failed",
    "labjob.qc_overridden",
    "labjob.ready",
    "labjob.remade",
    "labjob.cancelled",
    "order.ready",
    "fitting.passed",
    "fitting.adjusted",
    "fitting.failed",
    "order.collected",
    "order.closed",
    "warranty.started",
    "stock.received",
    "stock.reserved",
    "stock.released",
    "stock.sold",
    "stock.transferred",
    "stock.counted",
    "case.opened",
    "case.assigned",
    "case.requested",
    "case.decided",
    "case.closed",
    "message.sent",
    "message.failed",
    "review.opened",
    "review.decided",
    "review.overridden",
    "record.viewed",
]


def event(kind: str, **fields: object) -> Event:
    return Event(kind=kind, actor_name="Naledi Khumalo", actor_id=1, role="optometrist", **fields)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_of_its_own(kind: str) -> None:
    said = phrases.say(event(kind))
    assert said.text and "%(" not in said.text
    assert not said.text.endswith((":", ",", "·", " "))
    assert said.text != kind.replace(".", ": ").replace("_", " ").capitalize()
    assert any(kind in phrases.kinds_of(group) for group in phrases.GROUPS)


def test_a_kind_nobody_named_still_says_what_it_is() -> None:
    assert phrases.say(event("kite.flown_high")).text == "Kite: flown high"


def test_a_change_shows_old_and_new_who_and_why() -> None:
    said = phrases.say(
        event(
            "prescription.corrected",
            old={"right_axis": "065°"},
            new={"right_axis": "090°"},
            reason="written down wrong",
        )
    )
    assert str(said.text).endswith("right axis <del>065°</del> → <ins>090°</ins>")
    assert said.meta == "N. Khumalo, optometrist · written down wrong"


def test_values_are_escaped() -> None:
    said = phrases.say(event("customer.changed", old={"notes": "<b>"}, new={"notes": "<script>"}))
    assert "<script>" not in said.text and "&lt;script&gt;" in said.text


def test_what_was_not_there_before_is_only_added() -> None:
    assert phrases.changes({"email": ""}, {"email": "a@post.example"}) == "e-mail <ins>a@post.example</ins>"
    assert phrases.changes({"email": "a@post.example"}, {}) == "e-mail <del>a@post.example</del>"
    assert phrases.changes({"email": "same"}, {"email": "same"}) == ""


def test_the_readable_value_stands_before_the_bare_id() -> None:
    said = phrases.say(event("order.frame_chosen", data={"frame": 31}, new={"frame": "Karoo 214, havana"}))
    assert said.text == "Frame chosen: Karoo 214, havana"


def test_names_of_several_words_are_filled_too() -> None:
    new = {"right far PD": "31.5", "left far PD": "31.0", "right fitting height": "21.0", "left fitting height": "20.5"}
    assert phrases.say(event("order.measured", new=new)).text == "Measured: PD 31.5 / 31.0, height 21.0 / 20.5"


def test_a_customer_by_link_is_named_as_such() -> None:
    said = phrases.say(
        Event(kind="quotation.approved", actor_name="Thandi Mokoena", role="customer", data={"number": "Q-1"})
    )
    assert said.meta == "Thandi Mokoena, by link"


def test_every_kind_that_the_code_tells_has_words() -> None:
    """Read from the source, so that no new kind stands in an audit by its code."""
    told = re.compile(
        r'(?:events\.record|common\.tell|[^\w.](?:_?tell|_?record))\(\s*"([a-z_]+\.[a-z_]+)"|^ +kind = "[a-z_.]+" if .*$',
        re.MULTILINE,
    )
    kinds = set()
    for path in Path(settings.BASE_DIR).glob("*/**/*.py"):
        if path.parts[len(Path(settings.BASE_DIR).parts)] not in {"tests", "demo", "bench", ".venv", "node_modules"}:
            for found in told.finditer(path.read_text()):
                kinds |= set(re.findall(r'"([a-z_]+\.[a-z_]+)"', found[0]))
    models = {model._meta.label_lower for model in apps.get_models()}
    assert len(kinds) > 120
    assert sorted(kinds - models - set(phrases.every())) == []
