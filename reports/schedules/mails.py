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
from notifications.models import Message
from notifications.services import outbox
from reports.exports import making, opening
from reports.exports.files import TYPES
from reports.models import Delivery, Export, ExportState, ScheduleRun
from reports.schedules import words

READY, TROUBLE = "scheduled_report", "scheduled_report_trouble"


def put(run: ScheduleRun, delivery: Delivery, export: Export) -> Message:
    """The mail to one reader, in the language and by the clock that are set now."""
    day = dated(timezone.localtime(run.due_at), "j F Y")
    lines = [
        _("Good day %(name)s,") % {"name": delivery.person.full_name.split(" ")[0]},
        _("“%(report)s” of %(day)s is ready. It holds what you may see in your branches.")
        % {"report": run.schedule.report.name, "day": day},
        f"{settings.SITE_URL}{reverse('reporting:export', args=[export.public_id])}",
    ]
    if rides_along(run, export):
        lines.append(_("The file is attached."))
    lines.append(
        _("When it goes out, and how to get no more of it:\n%(url)s")
        % {"url": f"{settings.SITE_URL}{reverse('reporting:schedule', args=[run.schedule_id])}"}
    )
    subject = _("%(report)s, %(day)s") % {"report": run.schedule.report.name, "day": day}
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
            body="\n\n".join(lines),
            critical=True,
            requested_by=delivery.person,
        )
    )


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
        lines = [
            _("“%(report)s” did not reach everybody on its schedule:") % {"report": schedule.report.name},
            "\n".join(f"- {one.person.full_name}: {words.outcome(one)}" for one in troubled),
            f"{settings.SITE_URL}{reverse('reporting:schedule', args=[schedule.pk])}",
        ]
        subject = _("Not sent to everybody: %(report)s") % {"report": schedule.report.name}
    outbox.put(
        Message(
            dedupe_key=f"schedule-run:{run.pk}",
            template_key=TROUBLE,
            channel="email",
            language=owner.reads,
            branch=schedule.branch,
            recipient=owner.email,
            subject=subject[:200],
            body="\n\n".join(lines),
            critical=True,
            requested_by=owner,
        )
    )
