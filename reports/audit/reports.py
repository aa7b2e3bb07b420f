"""The questions that internal and external audits ask, each a report with filters and a file."""

from django.utils.translation import gettext_lazy as _

from reports.builder.ready_made import LAST_MONTH, THIS_MONTH, Report, asked

PAST = "confirmed,in_production,ready,shipped,collected,closed"

AUDITS = (
    Report(
        "changes",
        _("Who changed what"),
        _("Every event of the period with person, role, reason and record"),
        asked("events", "at branch kind actor role subject subject_id reason", ("at", "in", THIS_MONTH)),
    ),
    Report(
        "views",
        _("Who saw what"),
        _("Clinical records opened from another branch, and files of exported data opened"),
        asked(
            "events", "at branch kind actor role subject subject_id",
            ("at", "in", THIS_MONTH), ("kind", "is", "record.viewed,export.opened"),
        ),
    ),
    Report(
        "exports",
        _("Who took data out"),
        _("Exports asked for, agreed to, refused, made and opened"),
        asked(
            "events", "at branch kind actor role reason",
            ("at", "in", THIS_MONTH),
            ("kind", "is", "export.asked,export.approved,export.refused,export.made,export.opened"),
        ),
    ),
    Report(
        "approvals",
        _("Approvals"),
        _("Who decided what, how, and which decisions are out of date"),
        asked(
            "approvals", "at branch kind approved method by role amount out_of_date because", ("at", "in", THIS_MONTH)
        ),
    ),
    Report(
        "overrides",
        _("Decisions let stand"),
        _("Reviews that were overridden, and why"),
        asked(
            "reviews", "opened branch decision owner_role resolved resolved_by reason",
            ("opened", "in", THIS_MONTH), ("state", "is", "overridden"),
        ),
    ),
    Report(
        "accepted",
        _("Failed checks that were accepted"),
        _("Quality checks outside tolerance that a second person let through"),
        asked(
            "checks", "job branch lab attempt checked checked_by overridden overridden_by override_reason",
            ("checked", "in", THIS_MONTH), ("overridden", "filled", ""),
        ),
    ),
    Report(
        "refunds",
        _("Refunds and corrections"),
        _("Money given back and accounts corrected, with reason and second person"),
        asked(
            "ledger", "number order branch at kind method amount by approved_by reason reverses",
            ("at", "in", THIS_MONTH), ("kind", "is", "refund,adjustment"),
        ),
    ),
    Report(
        "cancelled",
        _("Cancelled orders"),
        _("Orders that were voided, and why"),
        asked(
            "orders", "number branch customer seller cancelled cancelled_reason total paid",
            ("cancelled", "in", THIS_MONTH),
        ),
    ),
    Report(
        "discounts",
        _("Price overrides and discounts"),
        _("Items below their list price: how much, why, agreed by whom"),
        asked(
            "lines", "order branch seller confirmed kind description unit_price discount discount_percent discount_reason discount_approved_by net",
            ("confirmed", "in", THIS_MONTH), ("discount", "at_least", "0.01"), sort="-discount",
        ),
    ),
    Report(
        "consent",
        _("Consent given and withdrawn"),
        _("Which customer agreed to which messages, when, and how we know"),
        asked("consents", "at branch customer purpose channel granted source by", ("at", "in", THIS_MONTH)),
    ),
    Report(
        "delays",
        _("Fulfilment delays"),
        _("Orders that were ready after their first promise, or still are not"),
        asked(
            "orders", "number branch made_branch state seller first_promised promised ready late",
            ("first_promised", "in", THIS_MONTH), ("late", "at_least", "1"), ("state", "is", PAST), sort="-late",
        ),
    ),
    Report(
        "shipments",
        _("Missed shipments"),
        _("Parcels that came after the first expected day, failed, came back, or are still awaited"),
        asked(
            "shipments", "number order branch carrier state reason handed_over first_expected expected delivered late last_word",
            ("first_expected", "in", THIS_MONTH), ("late", "at_least", "1"), ("state", "is_not", "cancelled"),
            sort="-late",
        ),
    ),
    Report(
        "complaints",
        _("Customer complaints"),
        _("Complaints, problems told by link, and low marks: owner, decision, time to close"),
        asked(
            "cases", "number branch kind state owner cause party decision opened due closed",
            ("opened", "in", LAST_MONTH), ("kind", "is", "complaint,customer_problem,low_feedback"),
        ),
    ),
)  # fmt: skip
