"""Orders in every state that selling knows: being chosen, quoted, waiting, agreed, paid, declined, cancelled."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings

from branches.models import Branch, NumberSeries
from catalogue.models import Frame, LensAddOn, LensProduct, Service
from core.actor import Actor
from core.actor import customer as by_link
from customers.models import Customer
from demo import clock
from demo.acting import acting
from demo.customers import named, person
from inventory.models import StockItem
from orders import gateways
from orders.discounts import Discount
from orders.gateways import stand_in
from orders.gateways.base import DECLINED, PAID
from orders.models import Claim, GatewayNotice, Order, PaymentMethod, Quotation
from orders.pricing import ServiceItem
from orders.services import claims, decisions, dispense, drawers, gateway_notices, online, payments, quotations
from orders.services import orders as order_verbs
from orders.services.claims import Answer as ClaimAnswer
from orders.services.claims import ClaimData
from orders.services.decisions import ApprovalAnswer
from orders.services.dispense import FrameData, LensData, MeasurementData
from orders.services.online import Ways
from orders.services.payments import PaymentData
from orders.services.quotations import QuoteRequest
from prescriptions import judging, rows, selectors
from prescriptions.data import EyeData, PrescriptionData
from prescriptions.models import Prescription
from prescriptions.services import common, prescriptions
from records.models import ApprovalMethod

_LAST_NUMBERS = {"DUR": 2_208, "UMH": 7_740}
_THANDIS_NUMBER = 10_482
_SELLERS = {"RSB": "pieter", "DUR": "pieter", "UMH": "themba"}
_TESTERS = {"RSB": "naledi", "DUR": "lerato", "UMH": "lerato"}
_TILLS = {"RSB": "zanele", "DUR": "themba", "UMH": "themba"}
SINGLE, HD = "VSVS-S160", "VHP-F160"


@dataclass(frozen=True)
class Wish:
    """One sample order: for whom, where, what, how far it has come, and how many working days ago it began."""

    name: tuple[str, str]
    branch: str
    lens: str
    end: Callable[["Counter", Order], None]
    frame: str = ""
    discounts: tuple[Discount, ...] = ()
    with_exam: bool = True
    second: str = ""
    days: int = 0


@dataclass(frozen=True)
class Counter:
    """The people of one shop."""

    seller: Actor
    tester: Actor
    till: Actor
    second_id: int | None = None
    discounts: tuple[Discount, ...] = ()
    services: tuple[ServiceItem, ...] = field(default_factory=tuple)


def _chosen(at: Counter, order: Order) -> None:
    """Still at the dispensing desk."""


def _quoted(at: Counter, order: Order) -> Quotation:
    clock.pass_minutes(5)
    request = QuoteRequest(at.discounts, at.services, second_person_id=at.second_id)
    return quotations.make(at.seller, order.pk, request)


def _on_the_tablet(at: Counter, order: Order) -> None:
    _quoted(at, order)


def _sent(at: Counter, order: Order) -> None:
    _quoted(at, order)
    quotations.mark_sent(at.seller, order.pk, order.customer.preferred_channel)


def _opened(at: Counter, order: Order) -> None:
    _sent(at, order)
    quotations.opened(by_link(order.customer.full_name, order.branch_id), order.quotations.get().pk)


def _declined(at: Counter, order: Order) -> None:
    quotation = _quoted(at, order)
    clock.pass_minutes(11)
    decisions.decline(at.seller, quotation.pk, _answer(order, quotation), "Wants a lighter frame")


def _agreed(at: Counter, order: Order) -> None:
    quotation = _quoted(at, order)
    clock.pass_minutes(11)
    decisions.approve(at.seller, quotation.pk, _answer(order, quotation))


def _by_phone(at: Counter, order: Order) -> None:
    _sent(at, order)
    quotation = order.quotations.get()
    actor = by_link(order.customer.full_name, order.branch_id)
    decisions.approve(actor, quotation.pk, _answer(order, quotation, ApprovalMethod.LINK))


def deposit(at: Counter, order: Order) -> None:
    _agreed(at, order)
    deposit_taken(at, order)


def deposit_taken(at: Counter, order: Order) -> None:
    clock.pass_minutes(4)
    missing = payments.deposit_missing(order)
    payments.take(at.till, PaymentData(order.pk, missing, PaymentMethod.CARD, "ending 6021"))


def _paid(at: Counter, order: Order) -> None:
    _agreed(at, order)
    payments.take(at.till, PaymentData(order.pk, payments.balance(order.pk), PaymentMethod.CARD, "ending 1184"))


def _paid_in_cash(at: Counter, order: Order) -> None:
    """Of today, since the drawer is counted every evening."""
    _agreed(at, order)
    balance = payments.balance(order.pk)
    cash = Decimal(1500)
    by_card = PaymentData(order.pk, balance - cash, PaymentMethod.CARD, "ending 1184")
    payments.take_split(at.till, [by_card, PaymentData(order.pk, cash, PaymentMethod.CASH, tendered=Decimal(1600))])


def _claimed(at: Counter, order: Order) -> Claim:
    """Half of it is claimed from the medical aid."""
    _agreed(at, order)
    half = payments.deposit_missing(order)
    insurer = order.customer.insurer or "Bonitas Choice"
    member = order.customer.insurer_number or "BC 4471 0062"
    return claims.submit(at.till, ClaimData(order.pk, insurer, member, half, "AUTH 77120"))


def _insured(at: Counter, order: Order) -> None:
    """The insurer approves a part and pays it; the customer pays the rest of the deposit."""
    claim = _claimed(at, order)
    part = (claim.amount * Decimal("0.75")).quantize(Decimal("1.00"))
    claims.answer(at.till, ClaimAnswer(claim.pk, part, "Frame benefit used up this year"))
    claims.pay(at.till, claim.pk, part, "BCH 2026-11-4471")
    payments.take(at.till, PaymentData(order.pk, payments.deposit_missing(order), PaymentMethod.CARD, "ending 3350"))


def _promised(at: Counter, order: Order) -> None:
    """Approved in full and not paid yet: as good as a deposit."""
    claim = _claimed(at, order)
    claims.answer(at.till, ClaimAnswer(claim.pk, claim.amount))


def _online(at: Counter, order: Order, kind: str, reason: str = "") -> None:
    """By the order's link over the stand-in gateway, through the same door as a real one's notice."""
    if settings.PAYMENT_GATEWAY != gateways.STAND_IN:
        return
    guest = by_link(order.customer.full_name, order.branch_id)
    asked = online.ask(guest, order.pk, payments.deposit_missing(order))
    online.open_page(asked, Ways("/", "/"))
    asked.refresh_from_db()
    page = {
        "session": asked.session_ref, "request": str(asked.public_id), "amount": f"{asked.amount:.2f}",
        "currency": asked.currency,
    }  # fmt: skip
    gateway_notices.receive(gateways.STAND_IN, *stand_in.notice(page, kind, reason))
    for notice in GatewayNotice.objects.filter(applied_at=None):
        gateway_notices.apply(notice.pk)


def _deposit_online(at: Counter, order: Order) -> None:
    _agreed(at, order)
    _online(at, order, PAID)
    if payments.deposit_missing(order):
        deposit_taken(at, order)


def _declined_online(at: Counter, order: Order) -> None:
    _agreed(at, order)
    _online(at, order, DECLINED, "The card has not enough funds.")


def _cancelled(at: Counter, order: Order) -> None:
    deposit(at, order)
    order_verbs.cancel(at.seller, order.pk, "Moves abroad next week")


def _answer(order: Order, quotation: Quotation, how: str = ApprovalMethod.TYPED_IN_SHOP) -> ApprovalAnswer:
    return ApprovalAnswer(ApprovalMethod(how), order.customer.full_name, quotation.content_hash, device="Tablet 1")


_LOYALTY = (Discount("frame", "loyalty", percent=Decimal(10)),)
_STAFF = (Discount("frame", "staff", percent=Decimal(20)),)
_WISHES = (
    Wish(("Annelie", "Botha"), "RSB", HD, _paid, days=7),
    Wish(("Kavitha", "Reddy"), "UMH", SINGLE, _paid, days=7),
    Wish(("Hendrik", "Van Wyk"), "RSB", SINGLE, _paid, with_exam=False, days=6),
    Wish(("Devi", "Naicker"), "RSB", SINGLE, deposit, days=6),
    Wish(("Ayesha", "Khan"), "DUR", HD, _paid, days=6),
    Wish(("Elmarie", "Roux"), "RSB", HD, _deposit_online, days=5),
    Wish(("Johan", "Fourie"), "RSB", SINGLE, _insured, days=5),
    Wish(("Vusi", "Radebe"), "RSB", SINGLE, _cancelled, days=5),
    Wish(("Gert", "Coetzee"), "RSB", SINGLE, _declined, days=4),
    Wish(("Chidi", "Okafor"), "RSB", HD, deposit, discounts=_STAFF, second="nomvula", days=4),
    Wish(("Maria da Conceição", "Fernandes de Albuquerque e Castro"), "DUR", SINGLE, deposit, days=4),
    Wish(("Imran", "Patel"), "UMH", HD, _promised, days=3),
    Wish(("Jeanne", "Marais"), "RSB", SINGLE, _by_phone, days=3),
    Wish(("Thandi", "Mokoena"), "RSB", HD, deposit, "KAR-214-HAVANA", _LOYALTY, days=2),
    Wish(("Amahle", "Cele"), "UMH", SINGLE, _opened, days=1),
    Wish(("Łucja", "Wiśniewska"), "DUR", SINGLE, _declined_online, days=1),
    Wish(("Eleni", "Παπαδοπούλου"), "RSB", SINGLE, _sent, days=1),
    Wish(("Yusuf", "Abrahams"), "RSB", SINGLE, _on_the_tablet),
    Wish(("Refilwe", "Khoza"), "RSB", "", _chosen),
    Wish(("Tshepo", "Molefe"), "RSB", SINGLE, _paid_in_cash),
)  # fmt: skip
# A board needs more than the counter's dozen: shop and working days ago of further orders, a deposit each.
_MORE = (
    ("UMH", 7), ("DUR", 6), ("UMH", 5), ("DUR", 5), ("UMH", 4), ("DUR", 3),
    ("RSB", 2), ("UMH", 2), ("RSB", 1), ("DUR", 1), ("RSB", 1), ("RSB", 0),
)  # fmt: skip


def build(now: datetime) -> None:
    """Drawers opened for the day, then the orders from the oldest on, each taken as far as it goes."""
    wishes = sorted((*_WISHES, *_more_wishes(now)), key=lambda wish: -wish.days)
    for code in _SELLERS:
        branch = Branch.objects.get(code=code)
        NumberSeries.objects.update_or_create(
            branch=branch, kind="order", year=0, defaults={"last": _last_number(code, wishes)}
        )
        drawers.start(acting(_TILLS[code], code), branch.pk, Decimal(500))
    for place, wish in enumerate(wishes):
        branch = Branch.objects.get(code=wish.branch)
        if wish.days:
            day = clock.working_day(branch, now, wish.days)
            with clock.at(clock.on(branch, day, 145 if wish.name == ("Thandi", "Mokoena") else 25 + 37 * place % 340)):
                make(wish)
        else:
            make(wish)


def _last_number(code: str, wishes: list[Wish]) -> int:
    """The practice has been at it for years; of Rosebank's numbers Thandi's is the one that is told of."""
    if code != "RSB":
        return _LAST_NUMBERS[code]
    here = [wish.name for wish in wishes if wish.branch == code]
    return _THANDIS_NUMBER - 1 - here.index(("Thandi", "Mokoena"))


def _more_wishes(now: datetime) -> list[Wish]:
    names = {wish.name for wish in _WISHES}
    waiting = Customer.objects.filter(orders=None, merged_into=None, birth_date__isnull=False).order_by("pk")
    waiting = waiting.exclude(prescriptions__signed_at__gt=now - timedelta(days=9))
    free = [one for one in waiting if (one.called or one.given_names, one.family_name) not in names]
    return [
        Wish((one.given_names, one.family_name), code, HD if place % 3 == 0 else SINGLE, deposit, with_exam=False, days=days)
        for place, (one, (code, days)) in enumerate(zip(free, _MORE, strict=False))
    ]  # fmt: skip


def make(wish: Wish) -> None:
    """One order, from the customer's prescription as far as the wish takes it; for the parts that come later, too."""
    customer, at = _customer(wish), _counter(wish)
    rx = _prescription(customer, at.tester)
    branch_id = at.seller.branch_id
    if branch_id is None:
        raise LookupError(wish.branch)
    clock.pass_minutes(14)
    order = dispense.start(at.seller, branch_id, customer.pk, prescription_id=rx.pk)
    frame = _frame(wish)
    clock.pass_minutes(12)
    dispense.choose_frame(at.seller, order.pk, FrameData(frame_id=frame.pk))
    if wish.lens:
        _choose_lens(wish, at, order, frame)
    wish.end(at, Order.objects.get(pk=order.pk))


def _choose_lens(wish: Wish, at: Counter, order: Order, frame: Frame) -> None:
    product = LensProduct.objects.get(code=wish.lens)
    coating = LensAddOn.objects.get(code="CS")
    clock.pass_minutes(9)
    height = Decimal(21) if frame.b_mm >= 36 else frame.b_mm / 2
    dispense.measure(
        at.seller,
        order.pk,
        MeasurementData(
            right_far_pd_mm=Decimal("31.5"), left_far_pd_mm=Decimal("31.0"), right_near_pd_mm=Decimal("29.0"),
            left_near_pd_mm=Decimal("28.5"), right_height_mm=height, left_height_mm=height, vertex_mm=Decimal("13.0"),
            tilt_deg=Decimal("9.0"), wrap_deg=Decimal("5.0"),
        ),
    )  # fmt: skip
    clock.pass_minutes(6)
    dispense.choose_lenses(at.seller, order.pk, LensData(product.pk, [coating.pk]))


def _customer(wish: Wish) -> Customer:
    found = Customer.objects.filter(called=wish.name[0], family_name=wish.name[1]).first()
    return found or named(*wish.name)


def _counter(wish: Wish) -> Counter:
    seller = acting(_SELLERS[wish.branch], wish.branch)
    exam = Service.objects.get(code="EXAM")
    return Counter(
        seller,
        acting(_TESTERS[wish.branch], wish.branch),
        acting(_TILLS[wish.branch], wish.branch),
        person(wish.second).pk if wish.second else None,
        wish.discounts,
        (ServiceItem(exam.pk),) if wish.with_exam else (),
    )


def _frame(wish: Wish) -> Frame:
    """The frame of the story, else the deepest that is free in this shop."""
    if wish.frame:
        return Frame.objects.get(sku=wish.frame)
    free = StockItem.objects.filter(branch__code=wish.branch, on_hand__gte=1, reserved=0, frame__mount="full_rim")
    fitting = free.filter(frame__b_mm__gte=36, frame__eye_size_mm__range=(48, 56)).exclude(frame__sku="KAR-214-HAVANA")
    return fitting.order_by("-on_hand", "frame_id").select_related("frame")[0].frame


def _prescription(customer: Customer, by: Actor) -> Prescription:
    """The one that stands, or one tested today. Thandi's right axis is typed 065 although 090 was found."""
    standing = selectors.current_for(customer.pk)
    if standing is not None:
        return standing
    right = EyeData(
        sphere=Decimal("-2.25"), cylinder=Decimal("-0.75"), axis=65, add=Decimal("2.00"),
        far_pd_mm=Decimal("31.5"), near_pd_mm=Decimal("29.0"), va="6/6",
    )  # fmt: skip
    left = EyeData(
        sphere=Decimal("-2.00"), cylinder=Decimal("-0.50"), axis=85, add=Decimal("2.00"),
        far_pd_mm=Decimal("31.0"), near_pd_mm=Decimal("28.5"), va="6/5",
    )  # fmt: skip
    data = PrescriptionData(customer_id=customer.pk, kind="progressive", right=right, left=left)
    draft = prescriptions.save_draft(by, data)
    keys = [judging.key_of(found, data.values) for found in common.verdicts(rows.data_of(draft), draft)]
    return prescriptions.sign(by, draft.pk, keys)
