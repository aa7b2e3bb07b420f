"""After the month: the pack that the system asks for, and one mail about it to each of its readers.

The mail names no figure: the log of messages is read by more people than the pack. The PDF with its drawings rides along;
it is put into the mail as it leaves, if the reader's rights hold at that moment.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from branches.models import Branch, Membership, User
from branches.roles import Role
from core.actor import system
from core.errors import DomainError
from core.formats import dated
from notifications.attachments import Attachment
from notifications.facts import shop_name
from notifications.models import Message
from notifications.rendering import mail
from notifications.rendering.mail import Block
from notifications.services import outbox
from orders.models import LedgerEntry
from reports.exports.making import actor_of
from reports.models import Pack
from reports.packs import making

READY = "month_end_pack"
# By the branch's clock, on the first day of the next month and after.
SENT_FROM_HOUR = 6
SENT_UNTIL_DAY = 7


def send_due() -> int:
    """Rung for often: in each branch, from six in the morning of the first day by its own clock, last month's pack.

    A branch whose ledger moved since last month began gets it though it has closed.
    The first edition that the system asks for, and one mail to each manager: a second ring finds both there.
    """
    sent = 0
    last_month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    lately = LedgerEntry.objects.filter(branch=OuterRef("pk"), at__date__gte=last_month)
    for branch in [None, *Branch.objects.filter(Q(is_active=True) | Exists(lately))]:
        zone = ZoneInfo(branch.time_zone if branch else settings.DEFAULT_TIME_ZONE)
        now = timezone.now().astimezone(zone)
        if now.day <= SENT_UNTIL_DAY and (now.day > 1 or now.hour >= SENT_FROM_HOUR):
            sent += _send(branch, now.replace(day=1, hour=0, minute=0, second=0, microsecond=0))
    return sent


@transaction.atomic
def _send(branch: Branch | None, over: datetime) -> int:
    """Ask for the pack of the month that was over at a moment, if nobody has since; once it is made, tell its readers."""
    branch_id = branch.pk if branch else None
    month = (over.date() - timedelta(days=1)).replace(day=1)
    rows = Pack.objects.select_for_update().filter(making.at_place(branch_id), month=month, asked_at__gte=over)
    pack = rows.order_by("pk").first()
    if pack is None:
        making.new(system(branch_id=branch_id), branch_id, month)
        return 0
    return sum(tell(pack, person) for person in readers(branch_id)) if pack.is_ready else 0


def readers(branch_id: int | None) -> list[User]:
    """Managers of the branch; head office for the group."""
    role = Role.BRANCH_MANAGER if branch_id is not None else Role.HEAD_OFFICE
    held: Iterable[int] = Membership.objects.filter(making.at_place(branch_id), role=role).values_list(
        "user_id", flat=True
    )
    return list(User.objects.filter(pk__in=list(held), is_active=True).exclude(email=""))


def tell(pack: Pack, person: User) -> int:
    """One mail with the address of the pack, which asks for the log-in. How many were written: a second call writes none."""
    with translation.override(person.reads), timezone.override(making.zone_of(pack)):
        subject, blocks = mail_of(pack, person)
        at = pack.branch
        shop, colour = (shop_name(at), at.colour) if at else (making.place_of(pack), "")
        body, html = mail.for_staff(blocks, person.reads, shop, colour)
    message = Message(
        dedupe_key=f"pack:{pack.branch_id or 'group'}:{pack.month:%Y-%m}:{person.pk}",
        template_key=READY,
        channel="email",
        language=person.reads,
        branch=pack.branch,
        recipient=person.email,
        subject=subject,
        body=body,
        html=html,
        critical=True,
        requested_by=person,
    )
    return 1 if outbox.put(message) else 0


def mail_of(pack: Pack, person: User) -> tuple[str, list[Block]]:
    """Subject and text in the reader's language."""
    month, place = dated(pack.month, "F Y"), making.place_of(pack)
    subject = _("%(month)s: %(place)s") % {"month": month, "place": place}
    blocks = [
        Block("title", subject),
        Block("text", _("Good morning %(name)s,") % {"name": person.full_name.split(" ")[0]}),
        Block("text", _("the figures of %(place)s for %(month)s are ready.") % {"place": place, "month": month}),
        Block("button", _("Open the pack"), _address(pack)),
    ]
    if rides_along(pack):
        blocks.append(Block("text", _("The file is attached.")))
    return subject, blocks


def _address(pack: Pack) -> str:
    return f"{settings.SITE_URL}{reverse('reporting:pack', args=[pack.pk])}"


def rides_along(pack: Pack) -> bool:
    """Whether the PDF is there and small enough for a mail. No customer is named in it."""
    name = str(pack.pdf.name or "") if pack.is_ready else ""
    return bool(name) and pack.pdf.storage.exists(name) and pack.pdf.size <= settings.REPORT_ATTACHED_BYTES


def attached(message: Message) -> Sequence[Attachment]:
    """What rides along with a mail that leaves now; nothing when the reader's rights are gone."""
    editions = Pack.objects.filter(making.at_place(message.branch_id), made_at__isnull=False).order_by("-pk")
    pack = next((one for one in editions[:100] if f"{_address(one)}\n" in f"{message.body}\n"), None)
    person = message.requested_by
    if pack is None or person is None or not person.is_active or not rides_along(pack):
        return ()
    try:
        making.require(actor_of(person, pack.branch_id), pack.branch_id)
    except DomainError:
        return ()
    with pack.pdf.open("rb") as file:
        return (Attachment(making.file_name(pack, "pdf"), file.read(), "application/pdf"),)
