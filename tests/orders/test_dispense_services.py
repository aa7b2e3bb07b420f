"""Start, choose, measure: each verb with its refusals, and what it leaves behind."""

from decimal import Decimal

import pytest

from branches.roles import Role
from catalogue.models import AddOnKind, LensAddOn
from core.errors import DomainError, GateClosed, NotAllowed, NotVisible, StaleRecord
from inventory.models import Reservation, StockItem
from inventory.services import stock
from orders.fit import Verdict
from orders.models import FrameChoice, FrameStatus, LensSpecification, Measurement, Order, OrderState, Purpose
from orders.services import dispense, quotations
from orders.services.dispense import FrameData, LensData, OwnFrame, Why
from records.models import Event
from records.services import changes
from tests.factories import (
    branch,
    customer,
    dispensed_order,
    frame,
    lens,
    lens_range,
    measured,
    optometrist,
    signed_prescription,
    staff,
    started_order,
    stocked,
    supplier,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosebank():
    return branch("RSB", name="Rosebank")


@pytest.fixture
def dispenser(rosebank):
    return staff(Role.DISPENSING_OPTICIAN, rosebank)


@pytest.fixture
def order(dispenser, rosebank) -> Order:
    return started_order(dispenser, rosebank)


def agreed(order: Order) -> None:
    """As after the customer's approval."""
    Order.objects.filter(pk=order.pk).update(state=OrderState.APPROVED)


def own(**fields) -> OwnFrame:
    sizes = {"a_mm": Decimal(50), "b_mm": Decimal(36), "dbl_mm": Decimal(18), "ed_mm": Decimal(53)}
    return OwnFrame(**({"description": "Ray-Ban, black, good", "liability_waived": True} | sizes | fields))


# ------------------------------------------------------------------ start


def test_an_order_starts_as_a_draft_with_number_code_owner_and_event(dispenser, rosebank, order):
    assert (order.state, order.branch, order.collect_branch) == (OrderState.DRAFT, rosebank, rosebank)
    assert order.number.startswith("RSB-")
    assert order.owner_id == order.seller_id == dispenser.user_id
    event = Event.objects.get(kind="order.started")
    assert (event.order_id, event.customer_id, event.branch_id) == (order.pk, order.customer_id, rosebank.pk)


def test_an_order_needs_a_signed_prescription_of_the_same_customer(dispenser, rosebank):
    foreign = signed_prescription(optometrist(rosebank), customer(rosebank))
    with pytest.raises(NotVisible):
        dispense.start(dispenser, rosebank.pk, customer(rosebank).pk, prescription_id=foreign.pk)
    assert not Order.objects.exists()


def test_a_receptionist_may_not_start_an_order_and_another_branch_is_not_there(rosebank):
    who = customer(rosebank)
    with pytest.raises(NotAllowed):
        dispense.start(staff(Role.RECEPTIONIST, rosebank), rosebank.pk, who.pk)
    with pytest.raises(NotVisible):
        dispense.start(staff(Role.DISPENSING_OPTICIAN, branch()), rosebank.pk, who.pk)
    assert not Order.objects.exists()


def test_a_second_pair_takes_prescription_and_pds_but_not_the_heights(dispenser, order):
    dispense.measure(dispenser, order.pk, measured())
    second = dispense.second_pair(dispenser, order.pk)
    assert (second.second_pair_of, second.prescription, second.customer) == (order, order.prescription, order.customer)
    assert second.measurement.right_far_pd_mm == Decimal("31.5")
    assert second.measurement.right_height_mm is None


# ------------------------------------------------------------------ frame


def test_a_frame_from_stock_is_held_for_the_order(dispenser, rosebank, order):
    karoo = stocked(at=rosebank)
    choice = dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=karoo.pk))
    assert (choice.status, choice.version, choice.b_mm) == (FrameStatus.SUPPLY, 1, Decimal(38))
    assert choice.reservation_reference == f"orders.framechoice:{choice.pk}"
    assert Reservation.objects.get().reference == choice.reservation_reference
    assert StockItem.objects.get(frame=karoo).available == 0
    assert [row.version for row in choice.history.all()] == [1]
    event = Event.objects.get(kind="order.frame_chosen")
    assert event.new["frame"] == "Karoo 214, havana 52□18 140"


def test_another_frame_gives_the_former_back(dispenser, rosebank, order):
    first, second = stocked(at=rosebank), stocked("88", at=rosebank)
    dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=first.pk))
    choice = dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=second.pk), version=1)
    assert (choice.version, StockItem.objects.get(frame=first).available) == (2, 1)
    assert StockItem.objects.get(frame=second).available == 0
    assert [laid.frame for laid in order.tray.all()] == [first, second]


def test_a_sold_out_frame_is_refused_with_where_it_is_and_the_former_stays(dispenser, rosebank, order):
    first = stocked(at=rosebank)
    sold_out = frame("88")
    stocked_elsewhere = branch("UMH", name="Umhlanga")
    stock.receive(staff(Role.FRAME_CONTROLLER, stocked_elsewhere), stocked_elsewhere.pk, sold_out.pk, 2)
    dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=first.pk))
    with pytest.raises(DomainError) as refused:
        dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=sold_out.pk), version=1)
    assert "Umhlanga 2" in refused.value.fields["frame"]
    choice = FrameChoice.objects.get(order=order)
    assert (choice.frame, choice.version) == (first, 1)
    assert StockItem.objects.get(frame=first).available == 0


def test_a_frame_to_come_holds_nothing(dispenser, rosebank, order):
    karoo = stocked(at=rosebank)
    dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=karoo.pk))
    choice = dispense.choose_frame(dispenser, order.pk, FrameData(FrameStatus.TO_COME, karoo.pk))
    assert (choice.reservation_reference, StockItem.objects.get(frame=karoo).available) == ("", 1)


def test_a_discontinued_frame_can_be_sold_from_stock_but_not_ordered(dispenser, rosebank, order):
    last = stocked(at=rosebank, discontinued_on="2026-01-01")
    with pytest.raises(DomainError) as refused:
        dispense.choose_frame(dispenser, order.pk, FrameData(FrameStatus.TO_COME, last.pk))
    assert refused.value.code == "discontinued"
    assert dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=last.pk)).frame == last


def test_the_customers_own_frame_needs_sizes_description_and_the_waiver(dispenser, order):
    with pytest.raises(DomainError) as refused:
        data = OwnFrame("", a_mm=Decimal(50), b_mm=Decimal(5), ed_mm=Decimal(45))
        dispense.choose_frame(dispenser, order.pk, FrameData(FrameStatus.PATIENT_OWN, own=data))
    assert set(refused.value.fields) == {"description", "b_mm", "dbl_mm", "ed_mm", "liability_waived"}
    assert not FrameChoice.objects.exists()
    choice = dispense.choose_frame(dispenser, order.pk, FrameData(FrameStatus.PATIENT_OWN, own=own()))
    assert choice.liability_waived_at is not None
    assert (choice.frame, choice.a_mm) == (None, Decimal(50))


def test_choosing_the_same_frame_again_changes_nothing(dispenser, rosebank, order):
    karoo = stocked(at=rosebank)
    dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=karoo.pk))
    assert dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=karoo.pk), version=1).version == 1
    assert Event.objects.filter(kind="order.frame_chosen").count() == 1


def test_two_people_who_choose_a_frame_hear_of_each_other(dispenser, rosebank, order):
    first, second = stocked(at=rosebank), stocked("88", at=rosebank)
    dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=first.pk), version=0)
    with pytest.raises(StaleRecord) as stale:
        dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=second.pk), version=0)
    clash = stale.value.clashes[0]
    assert (clash.theirs, clash.yours) == ("Karoo 214, havana 52□18 140", "Karoo 88, havana 52□18 140")
    assert FrameChoice.objects.get().frame == first


@pytest.mark.parametrize("state", [OrderState.READY, OrderState.COLLECTED])
def test_nothing_is_chosen_for_an_order_that_is_made(dispenser, rosebank, order, state):
    Order.objects.filter(pk=order.pk).update(state=state, confirmed_at="2026-11-20T10:00Z")
    with pytest.raises(DomainError) as refused:
        dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=stocked(at=rosebank).pk))
    assert refused.value.code == "too_late"
    assert not Reservation.objects.exists()


def test_what_the_customer_agreed_to_changes_only_with_a_reason_and_is_announced(
    dispenser, rosebank, order, monkeypatch
):
    announced = []
    monkeypatch.setattr(changes, "announce", lambda record, change, actor: announced.append((record, change)))
    dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=stocked(at=rosebank).pk))
    assert announced == []
    agreed(order)
    other = stocked("88", at=rosebank)
    with pytest.raises(DomainError) as refused:
        dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=other.pk))
    assert "reason" in refused.value.fields
    choice = dispense.choose_frame(
        dispenser, order.pk, FrameData(frame_id=other.pk), why=Why("customer_wish", "She prefers the ink one")
    )
    record, change = announced[0]
    assert (record, change.new_version, change.reason) == (choice, 2, "She prefers the ink one")
    assert next((field.field, field.old, field.new) for field in change.fields) == (
        "frame",
        "Karoo 214, havana 52□18 140",
        "Karoo 88, havana 52□18 140",
    )


# ------------------------------------------------------------------ lenses


def coating(name: str, product, default: bool = False, price: int = 0) -> LensAddOn:
    made = LensAddOn.objects.create(
        code=name, supplier=supplier(), name=name, kind=AddOnKind.COATING, cost=0, price=price, is_default=default
    )
    made.products.add(product)
    return made


def test_lenses_are_chosen_for_both_eyes_with_the_included_coating(dispenser, order):
    product = lens()
    hard = coating("Hard coat", product, default=True)
    chosen = dispense.choose_lenses(dispenser, order.pk, LensData(product.pk))
    assert (chosen.right, chosen.left, chosen.version) == (product, product, 1)
    assert list(chosen.add_ons.all()) == [hard]
    assert Event.objects.get(kind="order.lens_chosen").new["add-ons"] == "Hard coat"


def test_another_coating_replaces_the_included_one(dispenser, order):
    product = lens()
    coating("Hard coat", product, default=True)
    shield = coating("ClearShield", product, price=625)
    dispense.choose_lenses(dispenser, order.pk, LensData(product.pk))
    chosen = dispense.choose_lenses(dispenser, order.pk, LensData(product.pk, [shield.pk]), version=1)
    assert ([one.name for one in chosen.add_ons.all()], chosen.version) == (["ClearShield"], 2)


def test_an_add_on_of_another_lens_and_two_coatings_are_refused(dispenser, order):
    product = lens()
    foreign = coating("Other", lens())
    one, two = coating("One", product), coating("Two", product)
    for wrong in ([foreign.pk], [one.pk, two.pk]):
        with pytest.raises(DomainError) as refused:
            dispense.choose_lenses(dispenser, order.pk, LensData(product.pk, wrong))
        assert "add_ons" in refused.value.fields
    assert not LensSpecification.objects.exists()


def test_a_lens_that_cannot_be_made_is_refused_with_every_reason(dispenser, order):
    product = lens(made=False)
    lens_range(product, sphere_min=Decimal("-2.00"), add_max=Decimal("1.50"))
    with pytest.raises(DomainError) as refused:
        dispense.choose_lenses(dispenser, order.pk, LensData(product.pk))
    assert refused.value.code == "cannot_be_made"
    assert "Add +2.00" in refused.value.message
    assert "Right: Sphere −2.25" in refused.value.message
    assert not LensSpecification.objects.exists()


def test_a_frame_two_millimetres_too_shallow_is_refused(dispenser, rosebank, order):
    slim = stocked("Slim 88", at=rosebank, b_mm=Decimal(26))
    dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=slim.pk))
    dispense.choose_lenses(dispenser, order.pk, LensData(lens().pk))
    report = dispense.fit_report(order)
    assert report.verdict is Verdict.REFUSED
    assert [(check.title, check.detail) for check in report.refused] == [
        ("Lens depth 26", "fitting height 18 and 10 mm above need 28")
    ]
    assert [one.code for one in dispense.missing(order)] == ["depth", "measurements"]
    dispense.measure(dispenser, order.pk, measured(right_height_mm=Decimal(18), left_height_mm=Decimal(18)))
    assert [check.code for check in dispense.fit_report(order).refused] == ["height"]


def test_reading_glasses_are_made_with_the_add_in_the_sphere(dispenser, order):
    single = lens(design="single_vision", made=False, minimum_fitting_height_mm=None)
    lens_range(single, sphere_min=Decimal("-0.25"), sphere_max=Decimal("0.00"))
    with pytest.raises(DomainError):
        dispense.choose_lenses(dispenser, order.pk, LensData(single.pk))
    chosen = dispense.choose_lenses(dispenser, order.pk, LensData(single.pk, purpose=Purpose.NEAR))
    assert chosen.purpose == Purpose.NEAR


# ------------------------------------------------------------ measurements


def test_measurements_are_kept_with_who_how_and_in_which_frame(dispenser, rosebank, order):
    choice = dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=stocked(at=rosebank).pk))
    taken = dispense.measure(dispenser, order.pk, measured())
    assert (taken.measured_by_id, taken.method, taken.frame_version) == (
        dispenser.user_id,
        "pupilometer",
        choice.version,
    )
    assert Event.objects.get(kind="order.measured").new["right far PD"] == "31.5"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"right_far_pd_mm": Decimal(60)}, {"right_far_pd_mm", "second_person"}),
        ({"left_near_pd_mm": Decimal(32)}, {"left_near_pd_mm"}),
        ({"right_height_mm": Decimal(40)}, {"right_height_mm"}),
        ({"wrap_deg": Decimal(50)}, {"wrap_deg"}),
        ({"method": "guessed"}, {"method"}),
    ],
)
def test_impossible_measurements_are_refused_at_their_field(dispenser, rosebank, order, fields, named):
    dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=stocked(at=rosebank).pk))
    with pytest.raises(DomainError) as refused:
        dispense.measure(dispenser, order.pk, measured(**fields))
    assert set(refused.value.fields) == named
    assert not Measurement.objects.exists()


@pytest.mark.parametrize("unusual", [{"left_far_pd_mm": Decimal("29.9")}, {"right_far_pd_mm": Decimal(39)}])
def test_unusual_pds_need_a_second_person_of_the_branch(dispenser, rosebank, order, unusual):
    unusual = unusual | {"right_near_pd_mm": None, "left_near_pd_mm": None}
    outsider = staff(Role.OPTOMETRIST, branch()).user_id
    for second in (None, dispenser.user_id, outsider):
        with pytest.raises(DomainError) as refused:
            dispense.measure(dispenser, order.pk, measured(**unusual, second_person_id=second))
        assert set(refused.value.fields) == {"second_person"}
    colleague = staff(Role.OPTOMETRIST, rosebank).user_id
    assert dispense.measure(dispenser, order.pk, measured(**unusual, second_person_id=colleague)).version == 1


def test_a_difference_of_one_and_a_half_needs_no_second_person(dispenser, order):
    assert dispense.measure(dispenser, order.pk, measured(left_far_pd_mm=Decimal("30.0"))).version == 1


def test_heights_of_another_frame_do_not_count(dispenser, rosebank, order):
    first, second = stocked(at=rosebank), stocked("88", at=rosebank)
    dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=first.pk))
    dispense.measure(dispenser, order.pk, measured())
    dispense.choose_lenses(dispenser, order.pk, LensData(lens().pk))
    assert dispense.missing(order) == []
    dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=second.pk))
    assert [one.code for one in dispense.missing(order)] == ["measurements"]
    height = next(check for check in dispense.fit_report(order).checks if check.code == "height")
    assert (height.verdict, height.detail) == (Verdict.UNKNOWN, "measured in another frame; measure again in this one")


def test_the_fit_check_speaks_as_on_paper(dispenser, rosebank, order):
    dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=stocked(at=rosebank).pk))
    dispense.measure(dispenser, order.pk, measured())
    dispense.choose_lenses(dispenser, order.pk, LensData(lens().pk))
    assert [(one.title, one.detail, one.verdict) for one in dispense.fit_report(order).checks] == [
        ("Fitting height 21.0", "corridor needs 18; 17.0 above the pupil, 10 needed", Verdict.FITS),
        ("Decentration 3.5 R, 4.0 L in", "frame PD 70 less far PD, halved", Verdict.FITS),
        ("Blank 65 of 70 mm", "ED 55 + 2 × 4.0 + 2, an estimate", Verdict.FITS),
    ]


def test_everything_missing_is_named(dispenser, order):
    assert [one.code for one in dispense.missing(order)] == ["frame", "lenses"]


def test_glasses_that_do_not_fit_are_not_quoted(dispenser, rosebank, order):
    slim = stocked("Slim 88", at=rosebank, b_mm=Decimal(26))
    dispense.choose_frame(dispenser, order.pk, FrameData(frame_id=slim.pk))
    dispense.choose_lenses(dispenser, order.pk, LensData(lens().pk))
    with pytest.raises(GateClosed) as closed:
        quotations.make(dispenser, order.pk, quotations.QuoteRequest())
    assert [one.code for one in closed.value.missing] == ["depth"]
    assert not order.quotations.exists()


def test_another_prescription_takes_the_quotation_off_the_table(dispenser, rosebank):
    order = dispensed_order(dispenser, rosebank)
    first = quotations.make(dispenser, order.pk, quotations.QuoteRequest())
    later = signed_prescription(optometrist(rosebank), order.customer)
    dispense.choose_prescription(dispenser, order.pk, later.pk)
    first.refresh_from_db()
    order.refresh_from_db()
    assert (first.state, order.state, order.prescription) == ("replaced", OrderState.DRAFT, later)
