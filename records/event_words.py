"""The words of every event kind that belongs to no single app's story. Imported once at start-up."""

from django.utils.translation import gettext_lazy as _

from records.phrases import CHANGES, CLINICAL, MESSAGES, MONEY, ORDERS, Phrase, register, register_labels

register_labels(
    {
        "given_names": _("given names"),
        "family_name": _("family name"),
        "birth_date": _("date of birth"),
        "phone": _("mobile"),
        "other_phone": _("other phone"),
        "email": _("e-mail"),
        "line1": _("address"),
        "line2": _("address, second line"),
        "city": _("town"),
        "postal_code": _("postal code"),
        "preferred_channel": _("prefers"),
        "home_branch_id": _("branch"),
        "recall_on": _("recall"),
        "insurer": _("medical aid or insurer"),
        "insurer_number": _("member number"),
        "period": _("time"),
        "clinician": _("with"),
        "promised_on": _("promised"),
        "right_sphere": _("right sphere"),
        "right_cylinder": _("right cylinder"),
        "right_axis": _("right axis"),
        "right_add": _("right add"),
        "left_sphere": _("left sphere"),
        "left_cylinder": _("left cylinder"),
        "left_axis": _("left axis"),
        "left_add": _("left add"),
    }
)

register(
    {
        "prescription.drafted": Phrase(_("Prescription typed, not signed"), CLINICAL, "pen"),
        "prescription.signed": Phrase(_("Prescription signed, %(kind)s"), CLINICAL, "eye", "success"),
        "prescription.corrected": Phrase(_("Prescription corrected"), CLINICAL, "pen", "review", shows_changes=True),
        "prescription.withdrawn": Phrase(_("Prescription withdrawn"), CLINICAL, "cross", "warning"),
        "order.started": Phrase(_("Order %(number)s started"), ORDERS, "plus"),
        "order.prescription_chosen": Phrase(_("Prescription chosen for %(number)s"), ORDERS, "eye"),
        "order.frame_chosen": Phrase(_("Frame chosen: %(frame)s"), ORDERS, "glasses"),
        "order.lens_chosen": Phrase(_("Lenses chosen: %(right lens)s"), ORDERS, "eye"),
        "order.measured": Phrase(
            _(
                "Measured: PD %(right far PD)s / %(left far PD)s, height %(right fitting height)s / %(left fitting height)s"
            ),
            ORDERS,
            "ruler",
        ),
        "branch.closed": Phrase(_("Branch closed: %(branch)s"), CHANGES, "lock", "warning"),
        "branch.opened_again": Phrase(_("Branch opened again: %(branch)s"), CHANGES, "pass", "success"),
        "evidence.added": Phrase(_("Evidence added: %(kind)s"), CHANGES, "doc"),
        "order.customer_merged": Phrase(
            _("%(number)s moved from %(old_customer)s to %(customer)s, one person"), CHANGES, "user"
        ),
        "order.cancelled": Phrase(_("Order %(number)s cancelled"), ORDERS, "cross", "danger"),
        "order.note": Phrase(_("Note on order %(number)s"), ORDERS, "pen"),
        "quotation.made": Phrase(_("Quotation %(number)s, %(amount)s"), ORDERS, "orders"),
        "quotation.sent": Phrase(_("Quotation %(number)s sent"), MESSAGES, "mail"),
        "quotation.opened": Phrase(_("Quotation %(number)s opened by the customer"), MESSAGES, "eye"),
        "quotation.approved": Phrase(_("Quotation %(number)s approved, %(amount)s"), ORDERS, "pass", "success"),
        "quotation.declined": Phrase(_("Quotation %(number)s declined"), ORDERS, "cross", "warning"),
        "quotation.lapsed": Phrase(_("Quotation %(number)s lapsed"), ORDERS, "clock", "warning"),
        "order.confirmed": Phrase(_("Order %(number)s confirmed"), ORDERS, "check", "success"),
        "payment.taken": Phrase(_("Paid %(amount)s, %(method)s"), MONEY, "money", "success"),
        "payment.refunded": Phrase(_("Refunded %(amount)s, %(method)s"), MONEY, "money", "warning"),
        "payment.adjusted": Phrase(_("Account corrected by %(amount)s"), MONEY, "money", "warning"),
        "order.repromised": Phrase(
            _("New promised date for %(number)s"), ORDERS, "clock", "warning", shows_changes=True
        ),
        "labjob.released": Phrase(_("Released to the laboratory: job %(job)s, tray %(tray)s"), ORDERS, "lab"),
        "labjob.advanced": Phrase(_("Laboratory: %(stage)s, tray %(tray)s"), ORDERS, "lab"),
        "labjob.moved": Phrase(_("Laboratory: moved to %(stage)s, tray %(tray)s"), ORDERS, "lab"),
        "labjob.held": Phrase(_("Laboratory job %(job)s on hold"), ORDERS, "review", "review"),
        "labjob.resumed": Phrase(_("Laboratory job %(job)s resumed"), ORDERS, "lab"),
        "labjob.qc_passed": Phrase(_("Quality check passed, job %(job)s"), ORDERS, "pass", "success"),
        "labjob.qc_failed": Phrase(_("Quality check failed, job %(job)s"), ORDERS, "fail", "danger"),
        "labjob.qc_overridden": Phrase(_("Failed quality check accepted, job %(job)s"), ORDERS, "alert", "warning"),
        "labjob.ready": Phrase(_("Laboratory job %(job)s ready"), ORDERS, "check", "success"),
        "labjob.remade": Phrase(_("Remake started for job %(job)s"), ORDERS, "return", "warning"),
        "labjob.cancelled": Phrase(_("Laboratory job %(job)s cancelled"), ORDERS, "cross", "danger"),
        "order.ready": Phrase(_("Order %(number)s ready to collect"), ORDERS, "box", "success"),
        "fitting.passed": Phrase(_("Fitting passed"), CLINICAL, "pass", "success"),
        "fitting.adjusted": Phrase(_("Fitting passed after adjustment"), CLINICAL, "pass", "success"),
        "fitting.failed": Phrase(_("Fitting failed"), CLINICAL, "fail", "danger"),
        "order.collected": Phrase(_("Collected %(number)s"), ORDERS, "box", "success"),
        "order.closed": Phrase(_("Order %(number)s closed"), ORDERS, "check"),
        "warranty.started": Phrase(_("Warranty started, until %(ends_on)s"), ORDERS, "check"),
        "stock.reserved": Phrase(_("Frame reserved"), ORDERS, "glasses", hidden=True),
        "stock.released": Phrase(_("Frame reservation given back"), ORDERS, "glasses", hidden=True),
        "stock.sold": Phrase(_("Frame taken from stock"), ORDERS, "glasses", hidden=True),
        "stock.received": Phrase(_("Frames received"), ORDERS, "box", hidden=True),
        "stock.reservation_lost": Phrase(_("A held frame was written off"), ORDERS, "alert", "warning", hidden=True),
        "stock.opened": Phrase(_("Opening stock booked"), ORDERS, "box", hidden=True),
        "stock.transferred": Phrase(_("Frames moved between branches"), ORDERS, "box", hidden=True),
        "stock.counted": Phrase(_("Stock counted"), ORDERS, "box", hidden=True),
        "case.opened": Phrase(_("Case %(number)s opened: %(title)s"), ORDERS, "flag", "warning"),
        "case.assigned": Phrase(_("Case %(number)s taken by %(owner)s"), ORDERS, "flag"),
        "case.requested": Phrase(_("Case %(number)s: decision asked"), ORDERS, "flag", "warning"),
        "case.decided": Phrase(_("Case %(number)s decided"), ORDERS, "flag"),
        "case.closed": Phrase(_("Case %(number)s closed"), ORDERS, "flag", "success"),
        "evidence.withdrawn": Phrase(_("Evidence withdrawn"), CHANGES, "cross", "warning"),
        "review.opened": Phrase(_("Review needed"), CHANGES, "review", "review"),
        "review.decided": Phrase(_("Decided again"), CHANGES, "pass", "success"),
        "review.overridden": Phrase(_("Earlier decision stands"), CHANGES, "alert", "warning"),
        "record.viewed": Phrase(_("Clinical record opened from another branch"), CHANGES, "eye", hidden=True),
    }
)
