"""The questions that internal and external audits ask, each a report with filters and a file."""

from django.utils.translation import gettext_lazy as _

from reports.builder.ready_made import Report, asked

# An auditor who opens a question on the first of a month wants an answer too.
RECENT = "30_days"
PAST = "confirmed,in_production,ready,shipped,collected,closed"

VOIDS = (
    "order.cancelled,prescription.withdrawn,labjob.cancelled,shipment.cancelled,claim.withdrawn,return.withdrawn,"
    "evidence.withdrawn,stock.transfer_cancelled,catalogue.import_reversed,customer.import_reversed,stock.opening_reversed,"
    "payment.reversed"
)

AUDITS = (
    Report(
        "changes",
        _("Who changed what"),
        _("Every event with person, role, reason and record; without the filter on the role, what the system did as well"),
        asked(
            "events", "at branch kind actor role subject subject_id customer order reason",
            ("at", "in", RECENT), ("role", "is_not", "system"),
        ),
    ),
    Report(
        "views",
        _("Who saw what"),
        _("Whose records each person opened, on which day, how often, as page, paper or file"),
        asked(
            "looks", "first last times person role branch record_branch way subject subject_id customer order",
            ("first", "in", RECENT),
        ),
    ),
    Report(
        "viewers",
        _("Who saw how much"),
        _("Each person's number of records opened, by day: who reads more than the work asks for"),
        asked("looks", "times", ("first", "in", RECENT), groups="person first:day", sort="-rows"),
    ),
    Report(
        "elsewhere",
        _("Clinical records seen from another branch"),
        _("Customers and prescriptions opened where neither the customer nor the prescription is at home"),
        asked(
            "events", "at branch kind actor role customer subject subject_id",
            ("at", "in", RECENT), ("kind", "is", "record.viewed"),
        ),
    ),
    Report(
        "exports",
        _("Who took data out"),
        _("Exports asked for, agreed to, refused, made and opened; reports that showed personal data"),
        asked(
            "events", "at branch kind actor role reason",
            ("at", "in", RECENT),
            ("kind", "is", "export.asked,export.approved,export.refused,export.made,export.opened,report.shown"),
        ),
    ),
    Report(
        "approvals",
        _("Approvals"),
        _("Who decided what, how, and which decisions are out of date"),
        asked(
            "approvals", "at branch kind approved method by role amount customer order evidence out_of_date because", ("at", "in", RECENT)
        ),
    ),
    Report(
        "overrides",
        _("Decisions let stand"),
        _("Reviews that were overridden, and why"),
        asked(
            "reviews", "opened branch decision owner_role resolved resolved_by reason customer order evidence",
            ("opened", "in", RECENT), ("state", "is", "overridden"),
        ),
    ),
    Report(
        "accepted",
        _("Failed checks that were accepted"),
        _("Quality checks outside tolerance that a second person let through"),
        asked(
            "checks", "job branch lab attempt checked checked_by overridden overridden_by override_reason",
            ("checked", "in", RECENT), ("overridden", "filled", ""),
        ),
    ),
    Report(
        "refunds",
        _("Refunds and corrections"),
        _("Money given back and accounts corrected, with reason and second person"),
        asked(
            "ledger", "number order branch at kind method amount by approved_by reason reverses",
            ("at", "in", RECENT), ("kind", "is", "refund,adjustment"),
        ),
    ),
    Report(
        "voided",
        _("Voided records"),
        _("Orders, prescriptions, laboratory jobs, parcels, claims, returns and evidence that were taken back, and why"),
        asked(
            "events", "at branch kind actor role subject subject_id customer order reason",
            ("at", "in", RECENT), ("kind", "is", VOIDS),
        ),
    ),
    Report(
        "cancelled",
        _("Cancelled orders"),
        _("Orders that were voided, and why"),
        asked(
            "orders", "number branch customer seller cancelled cancelled_reason total paid",
            ("cancelled", "in", RECENT),
        ),
    ),
    Report(
        "discounts",
        _("Price overrides and discounts"),
        _("Items below their list price: how much, why, agreed by whom"),
        asked(
            "lines", "order branch seller confirmed kind description unit_price discount discount_percent discount_reason discount_approved_by net",
            ("confirmed", "in", RECENT), ("discount", "at_least", "0.01"), sort="-discount",
        ),
    ),
    Report(
        "corrected",
        _("Stock corrected by hand"),
        _("Frames written off, found or given another count, and why"),
        asked(
            "stock_moves", "at branch sku brand model movement quantity reason by",
            ("at", "in", RECENT), ("movement", "is", "counted,damaged,to_supplier"),
        ),
    ),
    Report(
        "access",
        _("Roles given and taken"),
        _("Who may do what in which branch, from when, given by whom and why"),
        asked("memberships", "at what person role branch by reason", ("at", "in", RECENT)),
    ),
    Report(
        "consent",
        _("Consent given and withdrawn"),
        _("Which customer agreed to which messages, when, and how we know"),
        asked("consents", "at branch customer purpose channel granted source by", ("at", "in", RECENT)),
    ),
    Report(
        "delays",
        _("Fulfilment delays"),
        _("Orders that were ready after their first promise, or still are not"),
        asked(
            "orders", "number branch made_branch state customer seller first_promised promised ready late delay_cause delay_reason",
            ("first_promised", "in", RECENT), ("late", "at_least", "1"), ("state", "is", PAST), sort="-late",
        ),
    ),
    Report(
        "shipments",
        _("Missed shipments"),
        _("Parcels that came after the first expected day, failed, came back, or are still awaited"),
        asked(
            "shipments", "number order branch customer carrier state reason handed_over first_expected expected delivered late last_word",
            ("due", "in", RECENT), ("missed", "is", "yes"), ("state", "is_not", "cancelled"), sort="-late",
        ),
    ),
    Report(
        "complaints",
        _("Customer complaints"),
        _("Complaints, problems told by link, and low marks: owner, decision, time to close"),
        asked(
            "cases", "number branch kind state customer order owner cause party decision evidence opened due closed",
            ("opened", "in", RECENT), ("kind", "is", "complaint,customer_problem,low_feedback"),
        ),
    ),
)  # fmt: skip
