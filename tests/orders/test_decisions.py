"""The customer's answer: bound to what was on the page, harmless twice, refused when anything moved."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.actor import customer as by_link
from core.errors import DomainError, GateClosed, IllegalTransition, NotAllowed, NotVisible
from orders.discounts import Discount
from orders.models import FrameChoice, LedgerEntry, Measurement, Order, OrderState, Quotation, QuotationState
from orders.services import decisions, quotations
from orders.services.quotations import QuoteRequest
from records.models import Approval, ApprovalMethod, Event, Evidence
from tests.orders import makers

pytestmark = pytest.mark.django_db


def test_an_approval_in_the_shop_confirms_the_order_and_charges_it() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    approval = decisions.approve(shop.optician, quotation.pk, makers.answer(quotation))
    order = Order.objects.get(pk=quotation.order_id)
    assert order.state == OrderState.CONFIRMED
    assert (order.promised_on, order.first_promised_on) == (quotation.promised_on, quotation.promised_on)
    assert list(order.ledger.values_list("kind", "amount")) == [("charge", Decimal("10080.00"))]
    assert approval.content_hash == quotation.content_hash
    assert {one.record_type: one.record_version for one in approval.inputs.all()} == {
        "prescriptions.prescription": 1,
        "orders.framechoice": 1,
        "orders.lensspecification": 1,
        "orders.measurement": 1,
        "orders.quotation": 1,
    }
    kinds = list(Event.objects.filter(order_id=order.pk).order_by("pk").values_list("kind", flat=True))
    assert kinds[-2:] == ["quotation.approved", "order.confirmed"]


def test_the_second_tap_changes_nothing_and_gets_the_same_answer() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    first = decisions.approve(by_link("Thandi"), quotation.pk, makers.answer(quotation, method=ApprovalMethod.LINK))
    second = decisions.approve(by_link("Thandi"), quotation.pk, makers.answer(quotation, method=ApprovalMethod.LINK))
    assert first.pk == second.pk
    assert LedgerEntry.objects.count() == 1
    assert Event.objects.filter(kind="order.confirmed").count() == 1


def test_an_approval_after_the_prescription_changed_is_refused_with_the_difference() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    assert quotation.order.prescription is not None
    makers.correct(quotation.order.prescription, right_axis=90)
    with pytest.raises(GateClosed) as refused:
        decisions.approve(shop.optician, quotation.pk, makers.answer(quotation))
    assert [one.message for one in refused.value.missing] == ["Right axis 065° → 090°"]
    quotation.refresh_from_db()
    assert quotation.state == QuotationState.DRAFT
    assert not Approval.objects.exists() and not LedgerEntry.objects.exists()


def test_a_changed_measure_or_a_removed_frame_is_named() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    measured = Measurement.objects.get(order=quotation.order)
    measured.right_height_mm, measured.version = Decimal(19), 2
    measured.save()
    FrameChoice.objects.filter(order=quotation.order).delete()
    with pytest.raises(GateClosed) as refused:
        decisions.approve(shop.optician, quotation.pk, makers.answer(quotation))
    assert [one.message for one in refused.value.missing] == [
        "Frame chosen → none",
        "Right fitting height 21.0 → 19.0",
    ]


def test_a_page_left_open_cannot_approve_the_replaced_version() -> None:
    shop = makers.shop()
    seen = makers.quoted(shop)
    answer = makers.answer(seen)
    later = quotations.make(
        shop.optician, seen.order_id, QuoteRequest([Discount("frame", "loyalty", percent=Decimal(10))])
    )
    with pytest.raises(DomainError) as refused:
        decisions.approve(shop.optician, seen.pk, answer)
    assert refused.value.code == "replaced"
    with pytest.raises(DomainError) as refused:
        decisions.approve(shop.optician, later.pk, answer)
    assert refused.value.code == "stale_page"
    decisions.approve(shop.optician, later.pk, makers.answer(later))
    assert Order.objects.get(pk=seen.order_id).state == OrderState.CONFIRMED


def test_an_expired_quotation_is_refused() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    Quotation.objects.filter(pk=quotation.pk).update(valid_until=timezone.localdate() - timedelta(days=2))
    with pytest.raises(DomainError) as refused:
        decisions.approve(shop.optician, quotation.pk, makers.answer(quotation))
    assert refused.value.code == "quotation_expired"
    assert Order.objects.get(pk=quotation.order_id).state == OrderState.QUOTED


def test_an_approval_needs_a_name_and_a_signed_one_a_signature() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    with pytest.raises(DomainError) as refused:
        decisions.approve(shop.optician, quotation.pk, makers.answer(quotation, name=" "))
    assert "name" in refused.value.fields
    with pytest.raises(DomainError) as refused:
        signed = makers.answer(quotation, method=ApprovalMethod.SIGNED_IN_SHOP)
        decisions.approve(shop.optician, quotation.pk, signed)
    assert "signature" in refused.value.fields
    assert Order.objects.get(pk=quotation.order_id).state == OrderState.QUOTED


def test_a_drawn_signature_is_kept_as_evidence() -> None:
    import io

    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(picture, "PNG")
    shop = makers.shop()
    quotation = makers.quoted(shop)
    answer = makers.answer(quotation, method=ApprovalMethod.SIGNED_IN_SHOP, signature_png=picture.getvalue())
    decisions.approve(shop.optician, quotation.pk, answer)
    kept = Evidence.objects.get(subject_type="orders.quotation", subject_id=quotation.pk)
    assert (kept.kind, kept.title) == ("signature", "Signature of Thandi Mokoena")


def test_without_the_frame_the_order_waits_approved_and_says_why() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    FrameChoice.objects.filter(order=quotation.order).update(reservation_reference="")
    decisions.approve(shop.optician, quotation.pk, makers.answer(quotation))
    order = Order.objects.get(pk=quotation.order_id)
    assert order.state == OrderState.APPROVED
    from orders.services import orders

    with pytest.raises(GateClosed) as refused:
        orders.confirm(shop.optician, order.pk)
    assert [one.code for one in refused.value.missing] == ["frame"]
    assert not LedgerEntry.objects.exists()


def test_a_later_version_charges_only_the_difference_and_moves_the_date() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    day = order.promised_on
    assert day is not None
    later = quotations.make(
        shop.optician,
        order.pk,
        QuoteRequest(
            [Discount("frame", "delay", percent=Decimal(10))],
            promised_on=day + timedelta(days=4),
            reason="lens came late",
        ),
    )
    decisions.approve(by_link("Thandi"), later.pk, makers.answer(later, method=ApprovalMethod.LINK))
    order.refresh_from_db()
    assert order.state == OrderState.CONFIRMED
    assert (order.first_promised_on, order.promised_on) == (day, day + timedelta(days=4))
    assert list(order.ledger.order_by("pk").values_list("kind", "amount")) == [
        ("charge", Decimal("10080.00")),
        ("adjustment", Decimal("-245.00")),
    ]


def test_declining_needs_a_reason_and_opens_the_choice_again() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    answer = makers.answer(quotation, method=ApprovalMethod.LINK)
    with pytest.raises(DomainError) as refused:
        decisions.decline(by_link("Thandi"), quotation.pk, answer, " ")
    assert "reason" in refused.value.fields
    decisions.decline(by_link("Thandi"), quotation.pk, answer, "too dear")
    decisions.decline(by_link("Thandi"), quotation.pk, answer, "too dear")
    quotation.refresh_from_db()
    assert (quotation.state, quotation.declined_reason) == (QuotationState.DECLINED, "too dear")
    assert Order.objects.get(pk=quotation.order_id).state == OrderState.DRAFT
    assert Event.objects.filter(kind="quotation.declined").count() == 1
    with pytest.raises(IllegalTransition):
        decisions.approve(by_link("Thandi"), quotation.pk, answer)


def test_staff_need_the_right_and_the_branch() -> None:
    shop, elsewhere = makers.shop(), makers.shop()
    quotation = makers.quoted(shop)
    with pytest.raises(NotAllowed):
        decisions.approve(shop.receptionist, quotation.pk, makers.answer(quotation))
    with pytest.raises(NotVisible):
        decisions.approve(elsewhere.manager, quotation.pk, makers.answer(quotation))
    assert not Approval.objects.exists()
