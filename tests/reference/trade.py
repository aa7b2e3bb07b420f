"""Worked cases of prescription checks, expiry, identifiers, surcharges and remake credit."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from catalogue import identifiers, surcharges
from labjobs import credit_rules
from lensmath.numbers import ZERO, exact, exact_or_none
from lensmath.powers import EyePower
from prescriptions import expiry, rules
from prescriptions.values import EyeValues, PrescriptionValues, PrismEntry
from prescriptions.verdicts import Level
from tests.reference.lenses import any_prism
from tests.reference.vocabulary import EYES, Input, amount, number, on_eyes


def written_prisms(eye: Input) -> tuple[PrismEntry, ...]:
    if isinstance(eye.get("prism"), list):
        return tuple(PrismEntry(number(part.get("amount")), part.get("base")) for part in eye["prism"])
    if isinstance(eye.get("prism"), Mapping):
        parts = eye["prism"]
        named = {"prism": parts.get("prism", parts.get("amount")), "prism_base_degrees": parts.get("base_degrees")}
        named["prism_base"] = parts.get("base")
        for name in ("horizontal", "vertical"):
            named |= {f"prism_{name}": parts.get(name), f"prism_{name}_base": parts.get(f"{name}_base")}
        return written_prisms(named)
    entries = [
        PrismEntry(number(eye.get("prism")), eye.get("prism_base"), exact_or_none(eye.get("prism_base_degrees"))),
        *(
            PrismEntry(number(eye.get(f"prism_{name}")), eye.get(f"prism_{name}_base"))
            for name in ("horizontal", "vertical")
        ),
    ]
    return tuple(entry for entry in entries if entry.amount is not None or entry.has_base)


def eye_values(eye: Input) -> EyeValues:
    balance = str(eye.get("sphere", "")).lower().startswith("bal")
    return EyeValues(
        sphere=None if balance else number(eye.get("sphere")),
        cylinder=number(eye.get("cylinder")),
        axis=exact_or_none(eye.get("axis")),
        add=number(eye.get("add")),
        prisms=written_prisms(eye),
        far_pd_mm=exact_or_none(eye.get("mono_pd", eye.get("far_pd"))),
        near_pd_mm=exact_or_none(eye.get("near_mono_pd", eye.get("near_pd"))),
        balance=balance,
        power=number(eye.get("power")),
        base_curve_mm=exact_or_none(eye.get("base_curve")),
        diameter_mm=exact_or_none(eye.get("diameter")),
        product=eye.get("product") or eye.get("brand") or "",
    )


def prescription(case: Input) -> PrescriptionValues:
    return PrescriptionValues(
        kind=case["type"],
        right=eye_values(case["R"]) if case.get("R") else None,
        left=eye_values(case["L"]) if case.get("L") else None,
        far_pd_mm=exact_or_none(case.get("far_pd")),
        near_pd_mm=exact_or_none(case.get("near_pd")),
        prescriber=case.get("prescriber") or "",
        expires_on=day(first_of(case, "expires", "expires_on", "expiry")),
    )


def rx_validate(case: Input) -> Any:
    previous = prescription({"type": case["type"], **case["previous"]}) if case.get("previous") else None
    verdicts = rules.check(prescription(case), previous)
    dispensed = day(first_of(case, "dispensed_on", "dispense_on", "dispensed", "dispensing_date"))
    if dispensed:
        verdicts += rules.check_dispensing(prescription(case), dispensed)
    return {
        "valid": not any(verdict.level is Level.REFUSE for verdict in verdicts),
        "codes": sorted({verdict.code for verdict in verdicts}),
    }


def first_of(case: Input, *names: str) -> Any:
    """A value under whichever of its names the case uses."""
    return next((case[name] for name in names if case.get(name) is not None), None)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def rx_expiry(case: Input) -> Any:
    table = list(expiry.TABLE)
    months = case.get("state_months", case.get("practice_months"))
    if months is not None:
        state = {"country": case["country"], "kind": case["kind"], "region": "case", "months": months}
        table.append(expiry.ExpiryRule.from_plain({**state, "source": "the state of the case"}))
    request = expiry.ExpiryRequest(
        country=case["country"],
        kind=case["kind"],
        issued=date.fromisoformat(case["issued"]),
        region="case",
        age=case.get("age", case.get("patient_age")),
        registered_seller=case.get("seller", "registered") == "registered",
        prescriber_date=day(case.get("prescriber_date")),
        prescriber_reason=case.get("reason") or "",
        re_examination=day(case.get("re_examination")),
    )
    try:
        proposal = expiry.propose(request, table)
    except expiry.ExpiryRefused as refusal:
        return {"error": refusal.code, "expires": None, "usable": False}
    presented = day(case.get("presented"))
    return {
        "expires": proposal.expires_on.isoformat() if proposal.expires_on else None,
        "usable": presented is None or proposal.usable_on(presented),
        "error": None,
    }


def gtin_check_digit(case: Input) -> Any:
    [(name, digits)] = [(name, str(value)) for name, value in case.items()][:1]
    if name == "digits" and len(digits) not in (8, 13, 14):
        digits = identifiers.completed(digits)
    return {"full": digits, "valid": identifiers.is_valid(digits)}


def gtin_normalise(case: Input) -> Any:
    try:
        return {"gtin14": identifiers.gtin14(str(next(iter(case.values())))), "valid": True}
    except identifiers.BadIdentifier as refusal:
        return {"gtin14": None, "valid": False, "error": refusal.code}


def price_bands(case: Input) -> list[surcharges.Band]:
    bands = [
        surcharges.Band(surcharges.Quantity(name), exact(low), exact(high), exact(price))
        for name in ("sphere", "cylinder", "prism", "add")
        for low, high, price in case["grid"].get(name, ())
    ]
    for index, from_dioptres in case["grid"].get("sphere_from", {}).items():
        if exact(index) == exact(case["index"]):
            price = exact(case["grid"]["sphere_charge"])
            bands.append(surcharges.Band(surcharges.Quantity.SPHERE, exact(from_dioptres), None, price))
    return bands


def lens_surcharge(case: Input) -> Any:
    prices = {}
    for name, eye in on_eyes(case).items():
        lens = EyePower.of(
            eye.get("sphere", 0), eye.get("cylinder"), eye.get("axis", 180) if eye.get("cylinder") else None
        )
        prices[name] = surcharges.charges(lens, prism_amount(name, eye), price_bands(case)).price
    return {**prices, "total": sum(prices.values(), ZERO)}


def prism_amount(name: str, eye: Input) -> Decimal:
    prism = eye.get("prism")
    return any_prism(EYES[name], prism).amount if isinstance(prism, Mapping) else amount(prism)


# The published terms' words for a reason, in the product's codes and groups
REASONS = {
    "lab_error": "L01",
    "doctor_error": "P01",
    "doctor_remake": "P01",
    "non_adapt": "C01",
    "scratch_warranty": "W01",
}


def credit_rule(policy: Input, event: Input) -> credit_rules.CreditRule:
    percents = policy.get("credit_by_occurrence") or [policy.get("credit_percent", 100)]
    shipped_from = "days_since_ship" in event
    return credit_rules.CreditRule(
        reasons=frozenset(REASONS.get(reason, reason) for reason in policy["reason"].split("_or_")),
        percents=tuple(exact(percent) for percent in percents),
        within_days=policy.get("within_days"),
        counted_from=credit_rules.CountedFrom.SHIPPING if shipped_from else credit_rules.CountedFrom.INVOICE,
        times=policy.get("times"),
        unchanged_required=policy.get("same_rx_frame_material", False),
        return_required=policy.get("needs_return", False),
        replacements=frozenset(policy.get("replacement_types", ())),
    )


def remake_credit(case: Input) -> Any:
    event = case["event"]
    days = {
        credit_rules.CountedFrom.INVOICE: event.get("days_since_invoice"),
        credit_rules.CountedFrom.SHIPPING: event.get("days_since_ship"),
    }
    facts = credit_rules.RemakeFacts(
        reason=REASONS.get(event["reason"], event["reason"]),
        occurrence=event.get("occurrence", 1),
        days={start: passed for start, passed in days.items() if passed is not None},
        changed=any(value for name, value in event.items() if name.endswith("_changed")),
        returned=event.get("returned", False),
        replacement=event.get("replacement"),
    )
    return {"credit_percent": credit_rules.judge(facts, [credit_rule(case["policy"], event)]).percent}


KINDS: Mapping[str, Callable[[Any], Any]] = {
    "rx_validate": rx_validate,
    "rx_expiry": rx_expiry,
    "gtin_check_digit": gtin_check_digit,
    "gtin_normalise": gtin_normalise,
    "lens_surcharge": lens_surcharge,
    "remake_credit": remake_credit,
}
