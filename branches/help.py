"""Frequently asked questions, inside the product: by topic, searchable here and from the search box."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches import palette
from branches.middleware import StaffRequest
from core.states import Words


@dataclass(frozen=True)
class Question:
    """`key` is the anchor of the answer, so that pages can point at it."""

    key: str
    question: Words
    answer: Words


@dataclass(frozen=True)
class Topic:
    key: str
    title: Words
    questions: Sequence[Question]
    is_public: bool = False


TOPICS = (
    Topic("getting-in", _("Getting in"), (
        Question("forgot", _("I forgot my password"), _("Choose “I forgot my password” on the sign-in page. A link comes by e-mail; it works once and for three days. No mail? Your manager can send the link again from Settings, Staff.")),
        Question("locked-out", _("It says too many tries"), _("After ten wrong passwords signing in waits; the page says how long. The right password waits too. Setting a new password by the link ends the wait.")),
        Question("second-factor", _("How do I protect my account better?"), _("In your profile, Second factor: scan the picture with an authenticator app. Keep the recovery codes on paper for the day the phone is lost.")),
        Question("no-branch", _("I am signed in but see no branch"), _("You hold no role yet. The page names the managers who can give you one. Reload it afterwards.")),
    ), is_public=True),
    Topic("first-day", _("The first days of a practice"), (
        Question("steps", _("Where do I begin?"), _("Settings, First steps: what a new branch needs before its first customer, each with its page. Ticks come by themselves, and Today shows what is open until the first order.")),
        Question("rooms", _("How do I add a room, or close one?"), _("Settings, Rooms. A room holds one appointment at a time. Out of use it is not offered any more; what is booked there stays.")),
    )),
    Topic("shared", _("Shared computers and branches"), (
        Question("lock", _("How do I leave the computer for a moment?"), _("Press Ctrl Shift L. The page is hidden and kept as it is; your PIN or password brings it back. After ten minutes without a key it locks by itself, with a warning two minutes before.")),
        Question("pin", _("Where does the six-digit PIN work?"), _("Only on computers that a manager enrolled, and only on days when you signed in there with your password. After five wrong tries the password is asked.")),
        Question("branch", _("How do I work in another branch?"), _("Choose it beside the practice's name at the top, or type “branch” into the search box. What you record from then on belongs to that branch.")),
        Question("close-branch", _("How do I close a branch?"), _("Settings, Branches, the branch, Close the branch. The page names what has to be done first: orders, jobs, parcels, the drawer, frames, appointments, cases, people. Its past stays readable, and it can be opened again.")),
        Question("not-found", _("A page says “Not found” but my colleague sees it"), _("It belongs to a branch in which you hold no role. Your manager can give you one, with a reason that stays in the history.")),
    )),
    Topic("finding", _("Finding things"), (
        Question("search", _("How do I find a customer quickly?"), _("Ctrl K, then any part of the name in any order, the end of the phone number, the birth date as 040381, or the customer number. @ searches customers only, # orders, > commands.")),
        Question("scan", _("Can I scan from anywhere?"), _("Yes, when no box is active: a scanner that is set to begin with ~ opens the order, tray or frame that it reads.")),
        Question("keys", _("Which keys are there?"), _("Press ? on any page. Single keys work outside boxes; they can be switched off in your profile.")),
    )),
    Topic("prescriptions", _("Prescriptions"), (
        Question("signs", _("Why does it refuse 2.00 without a sign?"), _("A forgotten plus is a known cause of wrong lenses, so nothing is guessed: type + or −. Digits without a point are hundredths from 25 on: −125 is −1.25.")),
        Question("blank", _("Is an empty box the same as zero?"), _("No. Empty means not recorded; zero is typed as 0, pl or plano.")),
        Question("correct", _("How do I change a signed prescription?"), _("A signed version never changes. Choose Correct: it makes a new version with your reason, shows what rests on the old one, and asks the owners of those decisions to look again.")),
        Question("review", _("What does “Review needed” mean?"), _("Something changed on which this decision rests. The panel says what changed, why it matters, who owns it, and what must happen before the next stage. Nothing goes on until that person decides.")),
    )),
    Topic("orders", _("Orders and money"), (
        Question("release", _("Why can I not release an order to the laboratory?"), _("Press it anyway: the page lists everything that is missing, each with its owner. Usual reasons are an expired or changed prescription, an approval that is out of date, a frame that is not reserved, missing measurements, or a short deposit.")),
        Question("approval", _("How can a customer approve?"), _("On the tablet, with a signature or a typed name, or by the link on their phone. The approval holds the versions of prescription, frame, lens and price that were shown.")),
        Question("mistake", _("I typed a wrong payment"), _("Posted money is never deleted. Reverse it with a reason and record it again; both lines stay in the ledger.")),
        Question("late", _("An order will be late. What do I do?"), _("Set a new promised date with its cause. The customer is told the new date and the reason, and the cause is counted in the measures.")),
    )),
    Topic("laboratory", _("Laboratory and hand-over"), (
        Question("quality", _("Who decides whether a lens passes?"), _("The limits do: they are computed from what was ordered. A failure opens a case and sends the job back. Accepting it anyway takes a reason and a second person.")),
        Question("collect", _("What is checked at collection?"), _("Identity, balance, fitting and hand-over, in this order. What stands in the way names its owner.")),
        Question("exchange", _("Something changes after the release. Is that a remake?"), _("Not while it is being made: change the value with a reason, the job stops by itself, the customer agrees to the new version, and the job takes the new values. A remake begins when a finished pair is made again.")),
        Question("remake", _("When is a remake free?"), _("The page of the order shows what the warranty covers, until when, and whether it was used before. Every remake records cause, who is at fault, and who pays.")),
    )),
    Topic("records", _("Records, history and safety"), (
        Question("history", _("Who changed this, and when?"), _("Open the history of the record: every version with person, time and reason, and each difference in words. Nothing is overwritten.")),
        Question("both", _("It says somebody else saved first"), _("Two people changed the same record. Nothing is lost: choose field by field what to keep, then save again. Changes to different fields are joined without asking.")),
        Question("offline", _("The connection was lost while I typed"), _("Your entries stay on the page. When the connection is back, choose Try again: the same form is sent and takes effect once.")),
        Question("twice", _("I pressed the button twice"), _("It takes effect once. Every form carries a key; a second sending of the same form leads to the same page.")),
        Question("decide", _("How do I make a decision again?"), _("Open it from Reviews or from the record. The page shows what changed and the values as they stand now; they are read again when you press the button, and if one moved meanwhile you see the difference instead. Deciding, and letting the earlier decision stand, both keep your reason.")),
        Question("handover", _("What does “Changed since the last hand-over” ask of me?"), _("Work came to you and something changed on the way: old and new value, who and why. Press y when you have read it; until then the next step waits. A hand-over without changes asks nothing.")),
        Question("discontinued", _("A lens or frame is no longer made. What happens to open orders?"), _("Every order that needs it gets a review for its owner and is not released: choose another one and have it agreed, or confirm that the supplier still has it. A frame that is held from stock is not affected.")),
        Question("prices", _("Does a new price list change quotations?"), _("No. A quotation keeps its price until its day. Its seller is asked whether the quoted price holds; a new version takes the new one.")),
        Question("merge", _("Two records of one person were merged during an order"), _("Orders, prescriptions, open cases and appointments are found at the kept record. Before the glasses are handed over somebody confirms whose they are.")),
        Question("evidence", _("What may I attach to a record?"), _("Photos (JPEG, PNG, WebP), PDF and JSON files up to 15 MB, notes and links. Photos are stored without the place where they were taken. Nothing is deleted; every file is read again each week and compared with what was kept.")),
        Question("case", _("What is a case?"), _("A thing that went wrong and is somebody's to mend: owner, evidence, decision with reason. It closes when its closure rule is met; the page ticks off what is done.")),
    )),
)  # fmt: skip


def topics(query: str = "", *, is_staff: bool = True) -> list[Topic]:
    """The topics whose questions or answers hold every word; signed-out people see how to get in."""
    words = query.lower().split()
    shown = [topic for topic in TOPICS if is_staff or topic.is_public]
    narrowed = [
        Topic(topic.key, topic.title, [one for one in topic.questions if _holds(one, words)]) for topic in shown
    ]
    return [topic for topic in narrowed if topic.questions]


def search(request: StaffRequest, text: str) -> list[palette.Hit]:
    """Questions for the search box; from three letters on, so that it does not crowd out customers."""
    if len(text) < 3:
        return []
    return [
        palette.Hit(
            one.question, f"{reverse('help')}?{urlencode({'q': one.question})}#answer-{one.key}", topic.title, "help"
        )
        for topic in topics(text)
        for one in topic.questions
    ]


def _holds(one: Question, words: list[str]) -> bool:
    text = f"{one.question} {one.answer}".lower()
    return all(word in text for word in words)
