"""What comes after the sale: orders handed over some days ago, a return at each stage, and what customers answered."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aftersales.models import Remedy, Return, ReturnReason
from aftersales.services import asking, feedback, returns, settling
from aftersales.services.asking import RequestData
from aftersales.services.returns import InspectionData
from aftersales.services.settling import SettleData
from core.actor import customer as by_link
from customers.models import Customer
from demo import clock, labjobs
from demo import orders as selling
from demo.acting import acting
from demo.customers import person
from orders.models import Order


@dataclass(frozen=True)
class Story:
    """One handed-over order: how long ago, what is asked for, how far it went, and the answers in the order of questions.

    `after` is the number of days in which the customer made up their mind.
    """

    days_ago: int
    go: Callable[[Return], None] | None = None
    keys: tuple[str, ...] = ("frame",)
    reason: str = ReturnReason.NOT_SATISFIED
    remedy: str = Remedy.REFUND
    words: str = ""
    ratings: tuple[int, int, int] | None = None
    comment: str = ""
    after: int = 1


def _nothing(_found: Return) -> None:
    """Asked for, and waiting for an answer."""


def _approved(found: Return) -> None:
    clock.step()
    returns.approve(
        acting("nomvula", "RSB"), found.pk, "Customer for twenty years" if returns.is_outside(found) else ""
    )


def _declined(found: Return) -> None:
    clock.step()
    returns.decline(
        acting("nomvula", "RSB"), found.pk, "Bent by force, which the photos show. A new front is half price."
    )


def _received(found: Return) -> None:
    _approved(found)
    clock.step()
    returns.receive(acting("zanele", "RSB"), found.pk)


def _inspected(found: Return) -> None:
    _received(found)
    clock.step()
    places = {item.key: "stock" if item.frame_id else "written_off" for item in found.items.all()}
    returns.inspect(acting("sipho", "RSB"), found.pk, InspectionData("As new, with its case.", places))


def _refunded(found: Return) -> None:
    _inspected(found)
    worth = settling.worth(found)
    second = person("grace").pk
    clock.step()
    settling.refund(acting("nomvula", "RSB"), SettleData(found.pk, worth, "card", "ending 4402", second))


def _replaced(found: Return) -> None:
    _inspected(found)
    clock.step()
    settling.replace(acting("pieter", "RSB"), found.pk)


_STORIES = (
    Story(3, _nothing, words="Heavier than I thought.", ratings=(5, 4, 3), comment="Friendly people, but they slide down."),
    Story(
        6, _nothing, ("lenses",), words="I would like thinner ones.", ratings=(4, 2, 2),
        comment="I waited ten days without a word.",
    ),
    Story(9, _approved, reason=ReturnReason.DEFECTIVE, remedy=Remedy.EXCHANGE, words="The left hinge is loose."),
    Story(10, _received, reason=ReturnReason.DAMAGED, words="A scratch on the bridge.", ratings=(5, 5, 3)),
    Story(12, _inspected, words="The colour does not suit me.", ratings=(5, 4, 5)),
    Story(13, _refunded, reason=ReturnReason.WRONG, words="I had chosen the blue one.", ratings=(3, 3, 1)),
    Story(13, _replaced, remedy=Remedy.EXCHANGE, words="Too narrow at the temples.", ratings=(4, 4, 4)),
    Story(40, _declined, words="They broke when I sat on them.", ratings=(5, 5, 5), after=36),
    Story(8, ratings=(5, 5, 5), comment="Best glasses I ever had."),
)  # fmt: skip


_WEEK, _STEPS = 7, 6  # the answers, the wish, and up to four steps of the practice


def build(now: datetime) -> None:
    """The next customers without an order, one for each story."""
    waiting = Customer.objects.filter(orders=None, merged_into=None, birth_date__isnull=False).order_by("pk")
    for customer, story in zip(list(waiting[: len(_STORIES)]), _STORIES, strict=False):
        name = (customer.given_names, customer.family_name)
        collected = now - timedelta(days=story.days_ago)
        with clock.at(collected - timedelta(days=4)):
            selling.make(selling.Wish(name, "RSB", selling.SINGLE, selling.deposit, with_exam=False))
        order = Order.objects.filter(customer=customer).latest("pk")
        _tell(labjobs.hand_over(order, collected - timedelta(days=3), collected), story, now)


def _tell(order: Order, story: Story, now: datetime) -> None:
    """The customer's answers and wishes, and what the practice did about them, over the week that followed."""
    customer = by_link(order.customer.full_name, order.branch_id)
    begins = now - timedelta(days=story.days_ago - story.after)
    with clock.at(begins):
        clock.plan_steps(clock.spread(order.branch, begins, min(now, begins + timedelta(days=_WEEK)), _STEPS))
        if story.ratings:
            clock.step()
            feedback.give(customer, order.pk, dict(zip(feedback.QUESTIONS, story.ratings, strict=True)))
            feedback.comment(customer, order.pk, story.comment)
        if story.go is not None:
            clock.step()
            data = RequestData(order.pk, story.keys, story.reason, story.remedy, story.words)
            story.go(asking.request(customer, data))
