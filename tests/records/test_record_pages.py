import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from branches.models import User
from branches.roles import Role
from cases.services import cases
from cases.services.cases import CaseData
from core import actor, ui
from records.models import Evidence, Review, ReviewState
from records.selectors import ReviewCard, together
from records.services import reviews
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def shop():
    return factories.branch()


@pytest.fixture
def case(shop):
    return cases.open_case(actor.system(), CaseData("complaint", shop, shop.pk, "Waited an hour", "Nobody came."))


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def a_photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "PNG")
    return SimpleUploadedFile("paper.png", out.getvalue())


def test_history_shows_each_change_in_words_with_who_and_why(shop, case) -> None:
    manager = factories.user(Role.BRANCH_MANAGER, shop)
    cases.code(factories.actor(manager, shop), case.pk, cases.Coding("S05", "shop"))
    url = reverse("records:history", args=["cases.case", case.pk])
    page = signed_in(manager).get(url).content.decode()
    assert "<ins>S05</ins>" in page and "branch manager" in page
    only = signed_in(manager).get(f"{url}?field=cause_code").content.decode()
    assert "<ins>S05</ins>" in only and "<ins>shop</ins>" not in only


def test_looking_back_shows_the_value_of_that_moment(shop, case) -> None:
    manager = factories.user(Role.BRANCH_MANAGER, shop)
    url = reverse("records:history", args=["cases.case", case.pk])
    page = signed_in(manager).get(f"{url}?at=2001-01-01T10:00").content.decode()
    assert "The record did not exist at that moment." in page


def test_evidence_is_added_and_served_only_to_those_who_see_the_record(shop, case) -> None:
    client = signed_in(factories.user(Role.RECEPTIONIST, shop))
    url = reverse("records:add_evidence", args=["cases.case", case.pk])
    added = client.post(url, {"kind": "photo", "title": "The paper", "file": a_photo(), "_key": uuid.uuid4()})
    assert added.status_code == 303
    piece = Evidence.objects.get()
    file_url = reverse("records:evidence", args=[piece.pk])
    served = client.get(file_url)
    assert served.status_code == 200
    assert served["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in served["Cache-Control"]
    stranger = signed_in(factories.user(Role.BRANCH_MANAGER, factories.branch()))
    assert stranger.get(file_url).status_code == 404
    assert stranger.post(url, {"kind": "note", "title": "x", "note": "y"}).status_code == 404
    assert Client().get(file_url).status_code == 302


def test_a_refused_file_keeps_the_typed_text_and_saves_nothing(shop, case) -> None:
    client = signed_in(factories.user(Role.RECEPTIONIST, shop))
    bad = SimpleUploadedFile("page.html", b"<script>alert(1)</script>")
    answer = client.post(
        reverse("records:add_evidence", args=["cases.case", case.pk]),
        {"kind": "photo", "title": "The paper of Monday", "file": bad, "_key": uuid.uuid4()},
    )
    assert answer.status_code == 422
    assert "The paper of Monday" in answer.content.decode()
    assert Evidence.objects.count() == 0


def open_review(shop, case):
    return reviews.open_for(
        reviews.Reopened(
            subject=case,
            decision="approval",
            what_changed="Right axis 065° → 090°",
            why_it_matters="The lens will blur",
            before_next_stage="Approve again",
            cause=case,
            owner_role=Role.RECEPTIONIST,
            branch_id=shop.pk,
        ),
        actor.system(),
    )


def test_a_review_stands_in_the_inbox_of_its_role_with_its_four_answers(shop, case) -> None:
    open_review(shop, case)
    page = signed_in(factories.user(Role.RECEPTIONIST, shop)).get(reverse("records:reviews")).content.decode()
    for words in ("Right axis 065° → 090°", "The lens will blur", "Receptionist", "Approve again"):
        assert words in page
    other = signed_in(factories.user(Role.RECEPTIONIST, factories.branch())).get(reverse("records:reviews"))
    assert "Right axis" not in other.content.decode()


def test_only_who_may_lets_a_decision_stand_and_must_say_why(shop, case) -> None:
    review = open_review(shop, case)
    url = reverse("records:override", args=[review.pk])
    assert signed_in(factories.user(Role.RECEPTIONIST, shop)).post(url, {"reason": "x"}).status_code == 403
    stranger = signed_in(factories.user(Role.BRANCH_MANAGER, factories.branch()))
    assert stranger.post(url, {"reason": "x"}).status_code == 404
    manager = signed_in(factories.user(Role.BRANCH_MANAGER, shop))
    assert manager.post(url, {"reason": "", "_key": uuid.uuid4()}).status_code == 422
    review.refresh_from_db()
    assert review.state == ReviewState.OPEN
    assert manager.post(url, {"reason": "Not ground yet", "_key": uuid.uuid4()}).status_code == 303
    review.refresh_from_db()
    assert (review.state, review.resolution_reason) == (ReviewState.OVERRIDDEN, "Not ground yet")


def test_a_deleted_record_keeps_its_history_and_says_that_it_is_gone(shop) -> None:
    from catalogue.models import Frame

    keeper = factories.user(Role.FRAME_CONTROLLER, shop)
    frame = factories.frame()
    frame.price, frame.version = 2999, 2
    frame.save()
    url = reverse("records:history", args=["catalogue.frame", frame.pk])
    assert "Deleted" not in signed_in(keeper).get(url).content.decode()
    frame.delete()
    assert not Frame.objects.exists()
    page = signed_in(keeper).get(url).content.decode()
    assert "Deleted" in page and "<del>2450</del> → <ins>2999</ins>" in page
    assert signed_in(keeper).get(reverse("records:history", args=["catalogue.frame", 999_999])).status_code == 404


def test_what_happened_together_is_told_in_words(shop) -> None:
    from tests.orders import makers

    at = makers.shop()
    order = makers.confirmed(at)
    manager = signed_in(User.objects.get(pk=at.manager.user_id))
    page = manager.get(reverse("records:history", args=["orders.order", order.pk])).content.decode()
    assert "quotation.approved" not in page and "order.confirmed" not in page


def test_what_one_change_reopened_stands_in_one_panel_and_each_decision_keeps_its_owner() -> None:
    def one(pk: int, cause: int, owner: str, step: str, override: str = "") -> ReviewCard:
        entry = Review(pk=pk, cause_type="prescriptions.prescription", cause_id=cause, what_changed="axis 065 → 090")
        shown = ui.Review("Order", "axis 065 → 090", "Made to it.", owner, [ui.Step(step)])
        return ReviewCard(entry, shown, "Order", "/orders/1/", override)

    cards = [
        one(1, 7, "P. Venter", "A new approval", "/o/1/"),
        one(2, 8, "P. Venter", "Another"),
        one(3, 7, "R. Naidoo", "The lens made again"),
    ]
    first, second = together(cards)
    assert [card.review.pk for card in first.cards] == [1, 3]
    assert first.shown.owner == "P. Venter, R. Naidoo"
    assert first.shown.why == "Made to it."
    assert [(step.text, step.meta) for step in first.shown.before] == [
        ("A new approval", "P. Venter"),
        ("The lens made again", "R. Naidoo"),
    ]
    assert [card.review.pk for card in first.ways] == [1]
    assert (second.is_many, second.shown) == (False, cards[1].shown)
