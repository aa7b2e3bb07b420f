"""The two mails of a schedule: to each reader that their file is there, to the owner that somebody got none.

Neither names a figure: the log of messages is read by more people than the report. A small file without personal data
rides along; it is put into the mail as it leaves, if the reader's rights hold at that moment.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.formats import dated
from notifications.attachments import Attachment
from notifications.facts import shop_name
from notifications.models import Message
from notifications.rendering import mail
from notifications.rendering.mail import Block
from notifications.services import outbox
from reports.exports import making, opening
from reports.exports.files import TYPES
from reports.models import Delivery, Export, ExportState, ScheduleRun
from reports.schedules import words

READY, TROUBLE = "scheduled_report", "scheduled_report_trouble"


def put(run: ScheduleRun, delivery: Delivery, export: Export) -> Message:
    """The mail to one reader, in the language and by the clock that are set now."""
    day = dated(timezone.localtime(run.due_at), "j F Y")
    subject = _("%(report)s, %(day)s") % {"report": run.schedule.report.name, "day": day}
    body, html = mail.for_staff(
        _blocks(run, delivery, export, day, subject),
        delivery.person.reads,
        shop_name(delivery.branch),
        delivery.branch.colour,
    )
    found = Message.objects.filter(dedupe_key=f"schedule:{delivery.pk}").first()
    return found or outbox.add(
        Message(
            dedupe_key=f"schedule:{delivery.pk}",
            template_key=READY,
            channel="email",
            language=delivery.person.reads,
            branch=delivery.branch,
            recipient=delivery.person.email,
            subject=subject[:200],
            body=body,
            html=html,
            critical=True,
            requested_by=delivery.person,
        )
    )


def _blocks(run: ScheduleRun, delivery: Delivery, export: Export, day: str, subject: str) -> list[Block]:
    ready = _("“%(report)s” of %(day)s is ready. It holds what you may see in your branches.")
    found = [
        Block("title", subject),
        Block("text", _("Good day %(name)s,") % {"name": delivery.person.full_name.split(" ")[0]}),
        Block("text", ready % {"report": run.schedule.report.name, "day": day}),
        Block(
            "button", _("Open the report"), f"{settings.SITE_URL}{reverse('reporting:export', args=[export.public_id])}"
        ),
    ]
    if rides_along(run, export):
        found.append(Block("text", _("The file is attached.")))
    return [*found, Block("link", _("When it goes out, and how to get no more of it"), _schedule(run.schedule_id))]


def _schedule(pk: int) -> str:
    return f"{settings.SITE_URL}{reverse('reporting:schedule', args=[pk])}"


def rides_along(run: ScheduleRun, export: Export) -> bool:
    """Whether the file itself may go by mail: wanted, small, nobody's personal data in it."""
    return run.schedule.attach and not export.personal and export.size_bytes <= settings.REPORT_ATTACHED_BYTES


def attached(message: Message) -> Sequence[Attachment]:
    """What rides along with a mail that leaves now; nothing when the reader's rights or the file are gone."""
    delivery = (
        Delivery.objects.filter(message=message)
        .select_related("run__schedule", "person", "export", "export__requested_by", "export__branch")
        .first()
    )
    if delivery is None or delivery.export is None or not rides_along(delivery.run, delivery.export):
        return ()
    export = delivery.export
    try:
        opening.require_now(making.actor_of(delivery.person, delivery.branch_id), export)
    except DomainError:
        return ()
    if export.state != ExportState.DONE or not delivery.person.is_active:
        return ()
    with export.file.open("rb") as file:
        return (Attachment(export.file_name, file.read(), TYPES[export.format]),)


def tell_owner(run: ScheduleRun, troubled: Sequence[Delivery]) -> None:
    """Who got nothing, and why."""
    schedule = run.schedule
    owner = schedule.owner
    if not owner.is_active or not owner.email:
        return
    with translation.override(owner.reads), timezone.override(ZoneInfo(schedule.branch.time_zone)):
        subject = _("Not sent to everybody: %(report)s") % {"report": schedule.report.name}
        blocks = [
            Block("title", subject),
            Block(
                "text",
                _("“%(report)s” did not reach everybody on its schedule:") % {"report": schedule.report.name},
            ),
            Block("text", "\n".join(f"- {one.person.full_name}: {words.outcome(one)}" for one in troubled)),
            Block("button", _("Open the schedule"), _schedule(schedule.pk)),
        ]
        body, html = mail.for_staff(blocks, owner.reads, shop_name(schedule.branch), schedule.branch.colour)
    outbox.put(
        Message(
            dedupe_key=f"schedule-run:{run.pk}",
            template_key=TROUBLE,
            channel="email",
            language=owner.reads,
            branch=schedule.branch,
            recipient=owner.email,
            subject=subject[:200],
            body=body,
            html=html,
            critical=True,
            requested_by=owner,
        )
    )
