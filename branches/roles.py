"""The eight roles, in words a person understands, and exactly what each may do. Who holds them is data."""

from decimal import Decimal

from django.db.models import TextChoices
from django.utils.functional import Promise as StrPromise
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    RECEPTIONIST = "receptionist", _("Receptionist")
    DISPENSING_OPTICIAN = "dispensing_optician", _("Dispensing optician")
    OPTOMETRIST = "optometrist", _("Optometrist")
    LAB_TECHNICIAN = "lab_technician", _("Lab technician")
    FRAME_CONTROLLER = "frame_controller", _("Frame controller")
    BRANCH_MANAGER = "branch_manager", _("Branch manager")
    HEAD_OFFICE = "head_office", _("Head office")
    ACCOUNTANT = "accountant", _("Accountant")


class Can(TextChoices):
    """A permission: what a service verb or page requires. The value is stable, the label is a sentence part."""

    VIEW_CUSTOMERS = "customer.view", _("see customers")
    EDIT_CUSTOMERS = "customer.edit", _("add and change customers")
    MERGE_CUSTOMERS = "customer.merge", _("merge two customers")
    IMPORT_CUSTOMERS = "customer.import", _("import customers from a file")
    ERASE_CUSTOMERS = "customer.erase", _("restrict and erase customers' data")
    MANAGE_VISITS = "visit.manage", _("book, receive and queue visits")
    RUN_EYE_TESTS = "visit.test", _("run eye tests")
    VIEW_PRESCRIPTIONS = "prescription.view", _("see prescriptions")
    WRITE_PRESCRIPTIONS = "prescription.write", _("type prescriptions")
    SIGN_PRESCRIPTIONS = "prescription.sign", _("sign prescriptions")
    VIEW_CATALOGUE = "catalogue.view", _("see frames, lenses and prices")
    MANAGE_CATALOGUE = "catalogue.manage", _("change frames, lenses and prices")
    VIEW_COST = "catalogue.cost", _("see cost and margin")
    VIEW_STOCK = "stock.view", _("see stock")
    MANAGE_STOCK = "stock.manage", _("receive, transfer, count and adjust stock")
    VIEW_ORDERS = "order.view", _("see orders")
    EDIT_ORDERS = "order.edit", _("choose frame and lens, measure and quote")
    APPROVE_ORDERS = "order.approve", _("record a customer's approval")
    CANCEL_ORDERS = "order.cancel", _("cancel orders")
    TAKE_PAYMENTS = "payment.take", _("take payments")
    REFUND_PAYMENTS = "payment.refund", _("refund and correct payments")
    RECONCILE_PAYMENTS = "payment.reconcile", _("reconcile takings, claims and bank statements")
    CLOSE_DRAWER = "drawer.close", _("open and close the cash drawer")
    VIEW_JOBS = "job.view", _("see laboratory jobs")
    RELEASE_JOBS = "job.release", _("release orders to the laboratory")
    ADVANCE_JOBS = "job.advance", _("move laboratory jobs through the stages")
    REPROMISE_JOBS = "job.repromise", _("change a promised date")
    CHECK_QUALITY = "quality.check", _("record quality checks")
    OVERRIDE_QUALITY = "quality.override", _("accept a failed quality check as second person")
    RECORD_FITTINGS = "fitting.record", _("record fittings")
    COLLECT_ORDERS = "order.collect", _("hand orders over")
    SHIP_ORDERS = "order.ship", _("ship orders")
    MANAGE_RETURNS = "return.manage", _("take returns: ask, receive and inspect")
    APPROVE_RETURNS = "return.approve", _("approve and decline returns within the policy")
    OVERRIDE_RETURNS = "return.override", _("approve returns outside the policy")
    VIEW_CASES = "case.view", _("see cases")
    MANAGE_CASES = "case.manage", _("open, take and work cases")
    DECIDE_CASES = "case.decide", _("approve decisions on cases")
    APPROVE_REMAKES = "remake.approve", _("approve remakes")
    OVERRIDE_REVIEWS = "review.override", _("let a decision stand after its basis changed")
    VIEW_MESSAGES = "message.view", _("see messages to customers")
    RESEND_MESSAGES = "message.resend", _("send and resend messages")
    EDIT_TEMPLATES = "template.edit", _("change message templates")
    VIEW_MEASURES = "report.view", _("see measures and reports")
    EXPORT_DATA = "report.export", _("export lists")
    EXPORT_PERSONAL = "report.personal", _("export personal data")
    VIEW_AUDIT = "audit.view", _("see who saw and changed what")
    MANAGE_LABS = "lab.manage", _("change laboratories, file profiles and tolerances")
    MANAGE_SETTINGS = "settings.manage", _("change settings")
    MANAGE_STAFF = "staff.manage", _("add staff and give roles")


_EVERYONE = {
    Can.VIEW_CUSTOMERS, Can.VIEW_CATALOGUE, Can.VIEW_ORDERS, Can.VIEW_CASES, Can.MANAGE_CASES, Can.VIEW_STOCK, Can.VIEW_JOBS,
}  # fmt: skip
_FRONT = {
    Can.EDIT_CUSTOMERS, Can.MANAGE_VISITS, Can.TAKE_PAYMENTS, Can.CLOSE_DRAWER, Can.COLLECT_ORDERS, Can.SHIP_ORDERS,
    Can.VIEW_MESSAGES, Can.RESEND_MESSAGES, Can.MANAGE_RETURNS,
}  # fmt: skip
_DISPENSE = {
    Can.VIEW_PRESCRIPTIONS, Can.WRITE_PRESCRIPTIONS, Can.EDIT_ORDERS, Can.APPROVE_ORDERS, Can.RELEASE_JOBS, Can.RECORD_FITTINGS,
    Can.CANCEL_ORDERS, Can.REPROMISE_JOBS, Can.APPROVE_RETURNS,
}  # fmt: skip
_LABORATORY = {Can.VIEW_PRESCRIPTIONS, Can.ADVANCE_JOBS, Can.CHECK_QUALITY, Can.REPROMISE_JOBS}
_MANAGEMENT = {
    Can.MERGE_CUSTOMERS, Can.IMPORT_CUSTOMERS, Can.ERASE_CUSTOMERS, Can.VIEW_COST, Can.REFUND_PAYMENTS, Can.RECONCILE_PAYMENTS, Can.OVERRIDE_QUALITY, Can.DECIDE_CASES, Can.APPROVE_REMAKES,
    Can.OVERRIDE_REVIEWS, Can.EDIT_TEMPLATES, Can.VIEW_MEASURES, Can.EXPORT_DATA, Can.VIEW_AUDIT, Can.MANAGE_STAFF,
    Can.MANAGE_LABS, Can.MANAGE_STOCK, Can.MANAGE_CATALOGUE, Can.MANAGE_SETTINGS,
    Can.OVERRIDE_RETURNS,
}  # fmt: skip

MATRIX: dict[str, frozenset[str]] = {
    Role.RECEPTIONIST: frozenset(_EVERYONE | _FRONT),
    Role.DISPENSING_OPTICIAN: frozenset(_EVERYONE | _FRONT | _DISPENSE),
    Role.OPTOMETRIST: frozenset(
        _EVERYONE
        | _DISPENSE
        | {Can.EDIT_CUSTOMERS, Can.MANAGE_VISITS, Can.RUN_EYE_TESTS, Can.SIGN_PRESCRIPTIONS, Can.VIEW_MESSAGES}
    ),
    Role.LAB_TECHNICIAN: frozenset(_EVERYONE | _LABORATORY),
    Role.FRAME_CONTROLLER: frozenset(
        _EVERYONE | {Can.MANAGE_STOCK, Can.MANAGE_CATALOGUE, Can.VIEW_COST, Can.MANAGE_RETURNS}
    ),
    Role.BRANCH_MANAGER: frozenset(_EVERYONE | _FRONT | _DISPENSE | _LABORATORY | _MANAGEMENT),
    Role.HEAD_OFFICE: frozenset(_EVERYONE | _FRONT | _DISPENSE | _LABORATORY | _MANAGEMENT | {Can.EXPORT_PERSONAL}),
    Role.ACCOUNTANT: frozenset(
        _EVERYONE
        | {
            Can.VIEW_COST,
            Can.REFUND_PAYMENTS,
            Can.RECONCILE_PAYMENTS,
            Can.CLOSE_DRAWER,
            Can.VIEW_MEASURES,
            Can.EXPORT_DATA,
            Can.VIEW_AUDIT,
        }
    ),
}

# The largest discount each role may give without another's approval, in per cent of the list price.
DISCOUNT_LIMIT_PERCENT: dict[str, Decimal] = {
    Role.RECEPTIONIST: Decimal(0),
    Role.DISPENSING_OPTICIAN: Decimal(10),
    Role.OPTOMETRIST: Decimal(10),
    Role.LAB_TECHNICIAN: Decimal(0),
    Role.FRAME_CONTROLLER: Decimal(0),
    Role.BRANCH_MANAGER: Decimal(25),
    Role.HEAD_OFFICE: Decimal(100),
    Role.ACCOUNTANT: Decimal(0),
}

SUMMARY: dict[str, StrPromise] = {
    Role.RECEPTIONIST: _("Receives customers, books, takes payments and hands orders over."),
    Role.DISPENSING_OPTICIAN: _("Chooses frames and lenses, measures, quotes, releases to the laboratory and fits."),
    Role.OPTOMETRIST: _("Tests eyes and signs prescriptions; may dispense."),
    Role.LAB_TECHNICIAN: _("Makes and checks lenses; moves jobs through the stages."),
    Role.FRAME_CONTROLLER: _("Keeps the catalogue and the stock of frames right."),
    Role.BRANCH_MANAGER: _("Runs one branch: everything its people do, approvals, overrides and measures."),
    Role.HEAD_OFFICE: _("Sees and may do everything in every branch, except clinical signatures."),
    Role.ACCOUNTANT: _("Sees money in every branch it belongs to; refunds and reconciles."),
}
