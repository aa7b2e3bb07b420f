"""Everything that is known of one customer, found by walking the models: what points at the person, directly or through others.

Nothing is listed by hand, so a new model of any app is in the file from its first day. Rows that are told by a bare key
(events, cases, approvals, evidence) are found by it. Files of evidence and papers lie beside the data.
"""

import json
import zipfile
from collections.abc import Iterator
from functools import cache
from typing import IO, Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from customers.models import Customer, Household
from orders.models import Order, Paper
from records.models import Evidence

# Derived, or the practice's own security: not data of the person.
LEFT_OUT = frozenset({"reports.fact", "reports.summary", "reports.export", "orders.orderlink"})
# Fields whose value would open something.
SECRET = frozenset({"token_digest", "nonce", "raw", "password", "pin_hash"})
MOST_STEPS = 5


@cache
def paths() -> dict[str, tuple[str, ...]]:
    """For each model the ways to the customer, as filter paths: `orders.quotationline` by `quotation__order__customer`."""
    found: dict[str, tuple[str, ...]] = {Customer._meta.label_lower: ("",)}
    edge = [Customer._meta.label_lower]
    for _step in range(MOST_STEPS):
        new: dict[str, list[str]] = {}
        for model in apps.get_models():
            label = model._meta.label_lower
            if label in found or label in LEFT_OUT or is_history(model):
                continue
            for field in model._meta.get_fields():
                target = _target(field)
                if target in edge:
                    new.setdefault(label, []).extend(
                        f"{field.name}__{path}" if path else field.name for path in found[target]
                    )
        found |= {label: tuple(ways) for label, ways in new.items()}
        edge = list(new)
    return found


def is_history(model: type[models.Model]) -> bool:
    """Whether a table keeps earlier values of another; it is read by the keys of the records found there."""
    return hasattr(model, "instance_type")


def _target(field: Any) -> str:
    forward = field.is_relation and (field.many_to_one or field.one_to_one) and not field.auto_created
    return field.related_model._meta.label_lower if forward and field.related_model is not None else ""


def people(customer: Customer) -> list[int]:
    """The customer and the records that were merged into it."""
    found = [customer.pk]
    while more := list(
        Customer.objects.filter(merged_into_id__in=found).exclude(pk__in=found).values_list("pk", flat=True)
    ):
        found += more
    return found


def sections(customer: Customer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(model, rows) for everything known, models in the order of their names."""
    ids = people(customer)
    keys: dict[str, set[int]] = {}
    for label, ways in sorted(paths().items()):
        model = apps.get_model(label)
        rows = model._default_manager.filter(_reaches(ways, ids)).distinct().order_by("pk")
        found = [_row(row) for row in rows]
        keys[label] = {row["id"] for row in found if isinstance(row.get("id"), int)}
        if found:
            yield label, found
    yield from _by_key(ids, keys)
    household = list(Household.objects.filter(members__in=ids).distinct())
    if household:
        yield "customers.household", [_row(row) for row in household]


def _reaches(ways: tuple[str, ...], ids: list[int]) -> Q:
    wanted = Q()
    for way in ways:
        wanted |= Q(**{f"{way}__in" if way else "pk__in": ids})
    return wanted


def _by_key(ids: list[int], keys: dict[str, set[int]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Rows that tell their customer, order or subject by a bare key; and the history of every record found."""
    orders = set(Order.objects.filter(customer_id__in=ids).values_list("pk", flat=True))
    for model in apps.get_models():
        label = model._meta.label_lower
        if label in paths() or label in LEFT_OUT or is_history(model):
            continue
        wanted = _keyed(model, ids, orders, keys)
        if wanted:
            rows = [_row(row) for row in model._default_manager.filter(wanted).order_by("pk")]
            if rows:
                yield label, rows
    yield from _histories(keys)


def _keyed(model: type[models.Model], ids: list[int], orders: set[int], keys: dict[str, set[int]]) -> Q:
    names = {field.attname for field in model._meta.concrete_fields}
    wanted = Q()
    if "customer_id" in names:
        wanted |= Q(customer_id__in=ids)
    if "order_id" in names:
        wanted |= Q(order_id__in=orders)
    if {"subject_type", "subject_id"} <= names:
        for label, found in keys.items():
            if found:
                wanted |= Q(subject_type=label, subject_id__in=found)
    return wanted


def _histories(keys: dict[str, set[int]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Earlier values of the records found."""
    for label, found in keys.items():
        history = getattr(apps.get_model(label), "history", None)
        model = getattr(history, "model", None)
        if model is None or not found:
            continue
        rows = [_row(row) for row in model._default_manager.filter(id__in=found).order_by("pk")]
        if rows:
            yield model._meta.label_lower, rows


def _row(row: models.Model) -> dict[str, Any]:
    """The stored values; files by their name, secrets left out."""
    values = {}
    for field in row._meta.concrete_fields:
        if field.name in SECRET or isinstance(field, models.BinaryField):
            continue
        value = field.value_from_object(row)
        values[field.attname] = str(value) if isinstance(field, models.FileField) else _plain(value)
    return values


def _plain(value: Any) -> Any:
    """Ranges and the like as text; the encoder knows dates, numbers and keys."""
    simple = (str, int, float, bool, list, dict, type(None))
    return value if isinstance(value, simple) or hasattr(value, "isoformat") else str(value)


def write(customer: Customer, into: IO[bytes]) -> int:
    """The archive: `data.json` with a list for each kind of record, and the files. Returns how many rows are in it."""
    data = dict(sections(customer))
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        for stored in _files(data):
            with stored.open("rb") as file:
                archive.writestr(f"files/{stored.name}", file.read())
    return sum(len(rows) for rows in data.values())


def _files(data: dict[str, list[dict[str, Any]]]) -> Iterator[Any]:
    evidence = [row["id"] for row in data.get("records.evidence", [])]
    papers = [row["id"] for row in data.get("orders.paper", [])]
    rows: list[Evidence | Paper] = [*Evidence.objects.filter(pk__in=evidence), *Paper.objects.filter(pk__in=papers)]
    for row in rows:
        if row.file.name and row.file.storage.exists(row.file.name):
            yield row.file
