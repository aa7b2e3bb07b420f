"""A list of an earlier system as a file, and the steps that bring it in."""

import csv
import io
from datetime import date
from typing import Any

from core.actor import Actor
from customers import services
from customers.data import CustomerData
from customers.models import Customer, CustomerImport
from customers.services import import_writing, importing

HEADINGS = [
    "Customer no",
    "First name",
    "Surname",
    "DOB",
    "Cell",
    "E-mail",
    "Language",
    "Street",
    "Town",
    "Postal code",
    "Notes",
]
CONSENT = [*HEADINGS, "Recall consent", "Consent date", "Consent source"]


def row(number: int, **cells: str) -> list[str]:
    """Person `number` of the list, with a phone, an address for mail and a name of their own."""
    values = {
        "Customer no": f"{4000 + number}", "First name": f"Person{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}",
        "Surname": f"Family{chr(97 + number // 26 % 26)}{chr(97 + number % 26)}", "DOB": f"{13 + number % 15}/03/19{50 + number % 40}",
        "Cell": f"082 555 {1000 + number:04d}", "E-mail": f"p{number}@post.example", "Language": "English", "Street": "",
        "Town": "", "Postal code": "", "Notes": "",
    }  # fmt: skip
    return [(values | cells)[heading] for heading in HEADINGS]


def csv_of(rows: list[list[str]], headings: list[str] = HEADINGS) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode()


def checked(actor: Actor, content: bytes, order: str = "") -> CustomerImport:
    assert actor.branch_id is not None
    batch = importing.upload(actor, actor.branch_id, "old.csv", content)
    return importing.dry_run(actor, batch.pk, batch.columns, order)


def applied(actor: Actor, content: bytes) -> CustomerImport:
    batch = checked(actor, content)
    import_writing.start(actor, batch.pk)
    return import_writing.write(actor, batch.pk)


def verdicts(batch: CustomerImport) -> dict[int, str]:
    return dict(batch.rows.values_list("row_number", "verdict"))


def problems(batch: CustomerImport) -> list[tuple[int, str]]:
    rows = batch.rows.filter(verdict="refused").order_by("row_number")
    return [(one.row_number, problem["column"]) for one in rows for problem in one.problems]


def known(nomvula: Actor, **fields: Any) -> Customer:
    data = CustomerData(
        "Thandi", "Mokoena", birth_date=date(1974, 3, 4), phone="082 555 4417", email="thandi@post.example"
    )
    return services.create(nomvula, CustomerData(**{**vars(data), **fields}))
