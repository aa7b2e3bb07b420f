"""Customers from an earlier system: nothing before Apply, nobody twice, every refusal at its column, and the way back."""

import csv
import importlib
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches.models import Branch
from branches.roles import Role
from core import job_runs, jobs
from core.actor import Actor
from core.errors import DomainError, IllegalTransition, NotAllowed, NotVisible
from core.importing.dates import DayOrder, order_of, read_date
from core.models import Job, JobState
from customers import services
from customers.data import CustomerData, data_of
from customers.models import Consent, Customer, CustomerImport, CustomerImportRow
from customers.selectors import search
from customers.services import import_writing, importing
from customers.views import imports as pages
from records import events
from records.facts import six_facts
from records.import_models import FileState
from records.models import Event, Evidence
from records.services import importing as steps
from tests.factories import branch, staff, user

pytestmark = pytest.mark.django_db
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


@pytest.fixture
def rosebank() -> Branch:
    return branch("RSB", name="Rosebank")


@pytest.fixture
def nomvula(rosebank: Branch) -> Actor:
    return staff(Role.BRANCH_MANAGER, rosebank)


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


def test_people_of_the_list_become_customers_with_where_they_come_from(nomvula: Actor) -> None:
    batch = checked(nomvula, csv_of([row(0, Notes="Prefers mornings"), row(1)]))
    assert (batch.counts["new"], Customer.objects.count()) == (2, 0)
    import_writing.start(nomvula, batch.pk)
    batch = import_writing.write(nomvula, batch.pk)
    assert (batch.state, batch.counts["made"], batch.counts["updated"]) == (FileState.APPLIED, 2, 0)
    made = Customer.objects.get(email="p0@post.example")
    assert (made.phone, made.birth_date, made.home_branch_id, made.source, made.recorded_by_id) == (
        "+27825551000", date(1950, 3, 13), nomvula.branch_id, "import", nomvula.user_id,
    )  # fmt: skip
    assert made.notes == "Prefers mornings\nNumber in the earlier system: 4000"
    assert six_facts(made).source == f"Import {batch.number}: old.csv, row 2"
    proof = Evidence.objects.get(subject_type=events.type_of(made), subject_id=made.pk)
    assert proof.note == f"old.csv, row 2 (SHA-256 {batch.sha256})"
    assert search(make_scope(nomvula), "persona familya")[0].number == made.number


def make_scope(actor: Actor) -> Any:
    from branches.scope import Scope

    return Scope.of(actor)


def test_every_refused_row_says_why_at_its_column(nomvula: Actor) -> None:
    bad = [
        row(0, **{"First name": "", "Surname": ""}), row(1, Cell="12"), row(2, **{"E-mail": "no address"}), row(3, DOB="soon"),
        row(4, Language="Klingon"), row(5, DOB="31/02/1980"), row(6, DOB="2999-01-01"), row(7, Notes="=cmd()"), row(8),
    ]  # fmt: skip
    batch = checked(nomvula, csv_of(bad))
    assert problems(batch) == [
        (2, "given_names"), (3, "phone"), (4, "email"), (5, "birth_date"), (6, "language"), (7, "birth_date"),
        (8, "birth_date"), (9, "notes"),
    ]  # fmt: skip
    assert (batch.counts["new"], batch.counts["refused"]) == (1, 8)
    assert Customer.objects.count() == 0


def test_phones_are_read_by_the_branchs_country() -> None:
    lisbon = branch("LIS", name="Lisboa", country="PT", time_zone="Europe/Lisbon")
    ana = staff(Role.BRANCH_MANAGER, lisbon)
    batch = checked(ana, csv_of([row(0, Cell="912 345 678"), row(1, Cell="082 555 1000")]))
    assert problems(batch) == [(3, "phone")]
    import_writing.start(ana, batch.pk)
    import_writing.write(ana, batch.pk)
    assert Customer.objects.get().phone == "+351912345678"


def test_a_bad_address_is_kept_as_typed_and_noted(nomvula: Actor) -> None:
    batch = applied(nomvula, csv_of([row(0, Street="12 Oxford Road", Town="Johannesburg", **{"Postal code": "ABC"})]))
    made = Customer.objects.get()
    assert (made.line1, made.country, made.address_unverified) == ("12 Oxford Road", "ZA", True)
    assert batch.rows.get().notes[0]["column"] in ("postal_code", "region")


# ------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["03/04/1981", "13/04/1981"], DayOrder.DAY_FIRST),
        (["03/04/1981", "04/13/1981"], DayOrder.MONTH_FIRST),
        (["03/04/1981"], DayOrder.UNCLEAR),
        (["13/04/1981", "04/13/1981"], DayOrder.UNCLEAR),
        (["1981-04-03", "3 Apr 1981", "03/03/1981"], DayOrder.DAY_FIRST),
    ],
)
def test_a_file_proves_the_order_of_its_dates_or_is_asked(texts: list[str], order: DayOrder) -> None:
    assert order_of(texts) == order


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("03/04/1981", DayOrder.DAY_FIRST, date(1981, 4, 3)), ("03/04/1981", DayOrder.MONTH_FIRST, date(1981, 3, 4)),
        ("1981-04-03 00:00:00", DayOrder.DAY_FIRST, date(1981, 4, 3)), ("19810403", DayOrder.DAY_FIRST, date(1981, 4, 3)),
        ("3.4.81", DayOrder.DAY_FIRST, date(1981, 4, 3)), ("3 April 1981", DayOrder.DAY_FIRST, date(1981, 4, 3)),
        ("03.04.26", DayOrder.DAY_FIRST, date(2026, 4, 3)), ("3-Apr-1981", DayOrder.DAY_FIRST, date(1981, 4, 3)),
    ],
)  # fmt: skip
def test_dates_are_read_as_they_are_written(text: str, order: DayOrder, day: date) -> None:
    assert read_date(text, order, date(2026, 11, 25)) == day


def test_unclear_dates_are_asked_for_once(nomvula: Actor) -> None:
    content = csv_of([row(0, DOB="03/04/1981"), row(1, DOB="05/06/1982")])
    batch = importing.upload(nomvula, nomvula.branch_id or 0, "old.csv", content)
    with pytest.raises(DomainError) as refused:
        importing.dry_run(nomvula, batch.pk, batch.columns)
    assert set(refused.value.fields) == {"day_order"} and "03/04/1981" in refused.value.message
    batch = importing.dry_run(nomvula, batch.pk, batch.columns, "month")
    assert batch.rows.order_by("row_number").first().values["data"]["birth_date"] == "1981-03-04"
    assert batch.options["day_order"] == "month"


# ------------------------------------------------------------------- consents


CONSENT = [*HEADINGS, "Recall consent", "Consent date", "Consent source"]


def test_consents_are_recorded_only_with_their_day_and_source(nomvula: Actor) -> None:
    rows = [
        [*row(0), "yes", "2024-05-12", "Registration form"], [*row(1), "yes", "", ""], [*row(2), "yes", "2024-05-12", ""],
        [*row(3), "no", "2024-05-12", "By phone"], [*row(4), "", "", ""],
    ]  # fmt: skip
    batch = applied(nomvula, csv_of(rows, CONSENT))
    given = Consent.objects.filter(granted=True)
    assert {(one.customer.email, one.purpose, one.channel) for one in given} == {
        ("p0@post.example", "recall", "email"), ("p0@post.example", "recall", "sms"),
    }  # fmt: skip
    first = given[0]
    assert (first.wording, first.source, first.at.astimezone(ZoneInfo("Africa/Johannesburg")).date()) == (
        "Registration form", "import", date(2024, 5, 12),
    )  # fmt: skip
    assert {one.customer.email for one in Consent.objects.filter(granted=False)} == {"p3@post.example"}
    assert [one.row_number for one in batch.rows.exclude(notes=[]).order_by("row_number")] == [3, 4]


# ------------------------------------------------------------------- who is known already


def known(nomvula: Actor, **fields: Any) -> Customer:
    data = CustomerData(
        "Thandi", "Mokoena", birth_date=date(1974, 3, 4), phone="082 555 4417", email="thandi@post.example"
    )
    return services.create(nomvula, CustomerData(**{**vars(data), **fields}))


def test_rows_like_a_customer_wait_for_a_decision_and_nothing_is_written_before(nomvula: Actor) -> None:
    thandi = known(nomvula)
    batch = checked(nomvula, csv_of([row(0, Cell="0825554417"), row(1)]))
    one = batch.rows.get(verdict="alike")
    assert one.matches == [{"id": thandi.pk, "why": "same phone"}]
    with pytest.raises(DomainError) as refused:
        import_writing.start(nomvula, batch.pk)
    assert (refused.value.code, Customer.objects.count()) == ("undecided", 1)


@pytest.mark.parametrize(("decision", "count"), [("skip", 2), ("add", 3), ("update", 2)])
def test_each_decision_does_what_it_says(nomvula: Actor, decision: str, count: int) -> None:
    thandi = known(nomvula)
    batch = checked(nomvula, csv_of([row(0, Cell="0825554417"), row(1)]))
    importing.choose_fields(nomvula, batch.pk, ["email"])
    importing.decide(nomvula, batch.pk, 2, decision, thandi.pk)
    import_writing.start(nomvula, batch.pk)
    batch = import_writing.write(nomvula, batch.pk)
    thandi.refresh_from_db()
    assert Customer.objects.count() == count
    assert thandi.email == ("p0@post.example" if decision == "update" else "thandi@post.example")
    assert (thandi.given_names, thandi.birth_date) == ("Thandi", date(1974, 3, 4))
    assert (batch.counts["updated"], batch.counts["left_out"]) == (int(decision == "update"), int(decision == "skip"))


def test_all_that_wait_are_decided_at_once_and_updates_need_somebody(nomvula: Actor) -> None:
    thandi = known(nomvula)
    rows = [row(0, Cell="0825554417"), row(1), row(2, Cell="082 555 1001")]
    batch = checked(nomvula, csv_of(rows))
    assert verdicts(batch) == {2: "alike", 3: "new", 4: "alike"}
    assert batch.rows.get(row_number=4).matches == [{"row": 3, "why": "same phone"}]
    assert importing.decide_all(nomvula, batch.pk, "update") == 1
    assert batch.rows.get(row_number=2).target_id == thandi.pk
    assert importing.decide_all(nomvula, batch.pk, "add") == 1
    with pytest.raises(DomainError) as refused:
        importing.decide(nomvula, batch.pk, 4, "update", thandi.pk)
    assert refused.value.code == "no_target"


def test_a_row_is_compared_by_the_rules_of_the_form(nomvula: Actor) -> None:
    """Each of the form's reasons is found, also where the questions of many rows are asked together."""
    known(nomvula)
    rows = [
        row(0, **{"E-mail": "thandi@post.example"}), row(1, **{"First name": "Thandi", "Surname": "Mokoena", "DOB": ""}),
        row(2, **{"First name": "Thandie", "Surname": "Mokoena", "DOB": "1974-03-04"}),
        row(3, **{"First name": "Thandi", "Surname": "Mokoenaa", "Cell": ""}), row(4),
    ]  # fmt: skip
    batch = checked(nomvula, csv_of(rows))
    whys = {one.row_number: one.matches[0]["why"] for one in batch.rows.filter(verdict="alike")}
    assert whys == {2: "same e-mail", 3: "same name", 4: "same date of birth and a like name", 5: "a like name"}


# ------------------------------------------------------------------- the same file again


def test_the_same_file_twice_makes_no_doubles(nomvula: Actor) -> None:
    content = csv_of([row(n) for n in range(5)])
    applied(nomvula, content)
    again = checked(nomvula, content)
    assert again.counts["before"] == 5
    with pytest.raises(DomainError) as refused:
        import_writing.start(nomvula, again.pk)
    assert (refused.value.code, Customer.objects.count()) == ("nothing_to_apply", 5)


def test_refused_rows_come_back_mended_and_only_they_are_written(nomvula: Actor) -> None:
    batch = applied(nomvula, csv_of([row(0), row(1, Cell="+27 12"), row(2)]))
    assert Customer.objects.count() == 2
    out = io.StringIO()
    lines = list(steps.refused_rows(batch, batch.rows.filter(verdict="refused"), {}))
    assert lines[0] == [*HEADINGS, steps.WHY] and len(lines) == 2
    mended = [cell if cell != "+27 12" else "'+27825551001" for cell in lines[1]]
    csv.writer(out).writerows([lines[0], [*row(0), ""], mended])
    again = applied(nomvula, out.getvalue().encode())
    assert (again.counts["before"], again.counts["made"], Customer.objects.count()) == (1, 1, 3)
    assert Customer.objects.filter(phone="+27825551001").exists()


def test_somebody_entered_at_the_counter_meanwhile_is_not_doubled(nomvula: Actor) -> None:
    batch = checked(nomvula, csv_of([row(0), row(1)]))
    known(nomvula, phone="082 555 1000")
    import_writing.start(nomvula, batch.pk)
    batch = import_writing.write(nomvula, batch.pk)
    assert (batch.state, verdicts(batch)[2], Customer.objects.count()) == (FileState.CHECKED, "alike", 2)
    importing.decide_all(nomvula, batch.pk, "skip")
    import_writing.start(nomvula, batch.pk)
    batch = import_writing.write(nomvula, batch.pk)
    assert (batch.state, batch.counts["made"], batch.counts["left_out"]) == (FileState.APPLIED, 1, 1)


# ------------------------------------------------------------------- long lists


@pytest.fixture
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    importlib.import_module("customers.tasks")
    monkeypatch.setattr(steps, "PORTION", 3)
    monkeypatch.setattr(pages, "AT_ONCE_ROWS", 1)


def test_a_portion_is_written_whole_or_not_at_all_and_the_next_worker_goes_on(
    nomvula: Actor, _small_portions: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = checked(nomvula, csv_of([row(n) for n in range(8)]))
    import_writing.start(nomvula, batch.pk)
    calls: list[int] = []

    def dies(actor: Actor, batch: CustomerImport, one: CustomerImportRow) -> Customer:
        calls.append(one.row_number)
        if one.row_number == 6:
            raise RuntimeError("the machine went off")
        return real(actor, batch, one)

    real = import_writing._make
    with monkeypatch.context() as patched:
        patched.setattr(import_writing, "_make", dies)
        with pytest.raises(RuntimeError):
            import_writing.write(nomvula, batch.pk)
    assert (Customer.objects.count(), batch.rows.filter(done_at__isnull=False).count()) == (3, 3)
    batch = import_writing.write(nomvula, batch.pk)
    assert (batch.state, Customer.objects.count(), batch.counts["made"]) == (FileState.APPLIED, 8, 8)
    assert sorted(Customer.objects.values_list("email", flat=True)) == sorted(f"p{n}@post.example" for n in range(8))


def test_a_stopped_import_says_how_far_it_is_and_goes_on(nomvula: Actor, _small_portions: None) -> None:
    batch = checked(nomvula, csv_of([row(n) for n in range(8)]))
    import_writing.start(nomvula, batch.pk)

    def stop_after_the_second(done: int, _total: int) -> None:
        if done >= 6:
            raise jobs.Cancelled

    with pytest.raises(jobs.Cancelled):
        import_writing.write(nomvula, batch.pk, stop_after_the_second)
    assert Customer.objects.count() == 3
    import_writing.start(nomvula, batch.pk)
    assert import_writing.write(nomvula, batch.pk).counts["made"] == 8


# ------------------------------------------------------------------- taking back


def test_an_import_is_taken_back_as_a_whole(nomvula: Actor) -> None:
    thandi = known(nomvula)
    batch = checked(nomvula, csv_of([row(0, Cell="0825554417", Notes="VIP"), row(1), row(2)]))
    importing.choose_fields(nomvula, batch.pk, ["email", "notes"])
    importing.decide(nomvula, batch.pk, 2, "update", thandi.pk)
    import_writing.start(nomvula, batch.pk)
    import_writing.write(nomvula, batch.pk)
    batch = import_writing.take_back(nomvula, batch.pk, "Wrong branch")
    thandi.refresh_from_db()
    assert (thandi.email, thandi.notes, thandi.archived_at) == ("thandi@post.example", "", None)
    assert Customer.objects.filter(archived_at__isnull=False).count() == 2
    assert search(make_scope(nomvula), "personb") == []
    assert (batch.state, batch.reversed_reason) == (FileState.REVERSED, "Wrong branch")
    assert Event.objects.filter(kind="customer.archived").count() == 2
    again = checked(nomvula, csv_of([row(1), row(2)]))
    assert again.counts["new"] == 2


def test_an_import_is_not_taken_back_once_somebody_works_with_its_customers(nomvula: Actor) -> None:
    batch = applied(nomvula, csv_of([row(0), row(1)]))
    touched = Customer.objects.get(email="p1@post.example")
    services.change(nomvula, touched.pk, touched.version, CustomerData(**{**vars(data_of(touched)), "called": "Pi"}))
    with pytest.raises(DomainError) as refused:
        import_writing.take_back(nomvula, batch.pk, "Wrong list")
    assert refused.value.code == "in_use" and touched.number in refused.value.message
    assert Customer.objects.filter(archived_at__isnull=False).count() == 0


def test_an_import_whose_customer_has_an_appointment_stays(nomvula: Actor, rosebank: Branch) -> None:
    from visits.services import visits

    batch = applied(nomvula, csv_of([row(0), row(1)]))
    visits.walk_in(nomvula, rosebank.pk, Customer.objects.get(email="p0@post.example").pk, "New glasses")
    with pytest.raises(DomainError) as refused:
        import_writing.take_back(nomvula, batch.pk, "Wrong list")
    assert refused.value.code == "in_use"
    assert Customer.objects.filter(archived_at__isnull=False).count() == 0


def test_taking_back_needs_a_reason(nomvula: Actor) -> None:
    batch = applied(nomvula, csv_of([row(0)]))
    with pytest.raises(DomainError) as refused:
        import_writing.take_back(nomvula, batch.pk, "  ")
    assert set(refused.value.fields) == {"reason"}


def test_what_a_file_said_of_an_erased_person_goes_too(nomvula: Actor) -> None:
    batch = applied(nomvula, csv_of([row(0), row(1)]))
    erased = Customer.objects.get(email="p0@post.example")
    assert importing.forget(erased.pk) == 1
    kept = batch.rows.get(customer=erased)
    assert (kept.cells, kept.values) == ([], {})
    assert checked(nomvula, csv_of([row(0)])).counts["before"] == 1


# ------------------------------------------------------------------- rights and pages


def test_only_management_imports_and_only_into_its_branches(nomvula: Actor, rosebank: Branch) -> None:
    durban = branch("DUR", name="Durban")
    with pytest.raises(NotAllowed):
        importing.upload(staff(Role.RECEPTIONIST, rosebank), rosebank.pk, "old.csv", csv_of([row(0)]))
    with pytest.raises(NotVisible):
        importing.upload(nomvula, durban.pk, "old.csv", csv_of([row(0)]))
    batch = importing.upload(nomvula, rosebank.pk, "old.csv", csv_of([row(0)]))
    with pytest.raises(NotVisible):
        importing.dry_run(staff(Role.BRANCH_MANAGER, durban), batch.pk, batch.columns)


@pytest.fixture
def desk(client: Client, rosebank: Branch) -> Client:
    client.force_login(user(Role.BRANCH_MANAGER, rosebank))
    return client


def test_the_pages_lead_from_the_file_to_the_customers_and_back(desk: Client, rosebank: Branch) -> None:
    file = SimpleUploadedFile("old.csv", csv_of([row(0), row(1, Cell="12"), row(2, Cell="082 555 1000")]))
    answer = desk.post(reverse("customers:imports"), {"branch": rosebank.pk, "file": file})
    batch = CustomerImport.objects.get()
    url = reverse("customers:import", args=[batch.number])
    assert answer["Location"] == url
    assert desk.post(url, dict(batch.columns)).status_code == 303
    shown = desk.get(url).content.decode()
    assert "Decide 1 row" in shown and "row 2 of this file" in shown
    refused = desk.get(f"{url}?show=refused").content.decode()
    assert "Enter a phone number such as" in refused
    back = reverse("customers:import_decide", args=[batch.number])
    assert desk.post(back, {"row": "4", "choice": "add", "show": "undecided"}).status_code == 303
    assert desk.post(reverse("customers:import_apply", args=[batch.number])).status_code == 303
    assert Customer.objects.count() == 2
    download = b"".join(desk.get(reverse("customers:import_refused", args=[batch.number])).streaming_content).decode()
    assert download.splitlines()[0].endswith(steps.WHY) and len(download.splitlines()) == 2
    answer = desk.post(reverse("customers:import_take_back", args=[batch.number]), {"reason": ""})
    assert answer.status_code == 422
    answer = desk.post(reverse("customers:import_take_back", args=[batch.number]), {"reason": "Wrong list"})
    assert answer.status_code == 303
    assert Customer.objects.filter(archived_at=None).count() == 0


def test_unclear_dates_are_asked_for_on_the_page(desk: Client, rosebank: Branch) -> None:
    file = SimpleUploadedFile("old.csv", csv_of([row(0, DOB="03/04/1981")]))
    desk.post(reverse("customers:imports"), {"branch": rosebank.pk, "file": file})
    batch = CustomerImport.objects.get()
    answer = desk.post(reverse("customers:import", args=[batch.number]), dict(batch.columns))
    assert answer.status_code == 422 and "day_order" in answer.context["form"].errors


def test_a_long_list_is_worked_off_stopped_and_gone_on_with(
    desk: Client, rosebank: Branch, _small_portions: None
) -> None:
    file = SimpleUploadedFile("old.csv", csv_of([row(n) for n in range(7)]))
    desk.post(reverse("customers:imports"), {"branch": rosebank.pk, "file": file})
    batch = CustomerImport.objects.get()
    url = reverse("customers:import", args=[batch.number])
    desk.post(url, dict(batch.columns))
    assert "Wait, or stop it" in desk.get(url).content.decode()
    job_runs.run_waiting()
    apply = reverse("customers:import_apply", args=[batch.number])
    desk.post(apply)
    desk.post(reverse("customers:import_stop", args=[batch.number]))
    assert Job.objects.get(kind="customers.import_write").state == JobState.CANCELLED
    job_runs.run_waiting()
    assert Customer.objects.count() == 0
    assert "Stopped by hand" in desk.get(url).content.decode()
    desk.post(apply)
    job_runs.run_waiting()
    assert (Customer.objects.count(), CustomerImport.objects.get().state) == (7, FileState.APPLIED)
    desk.post(reverse("customers:import_take_back", args=[batch.number]), {"reason": "Wrong list"})
    job_runs.run_waiting()
    assert Customer.objects.filter(archived_at=None).count() == 0


def test_the_page_costs_the_same_for_many_rows(
    desk: Client, nomvula: Actor, django_assert_max_num_queries: Any
) -> None:
    known(nomvula)
    batch = checked(nomvula, csv_of([row(n, Cell="0825554417") for n in range(30)]))
    with django_assert_max_num_queries(40):
        shown = desk.get(reverse("customers:import", args=[batch.number])).content.decode()
    assert shown.count('name="row"') == 25


def test_an_applied_import_is_not_applied_again(nomvula: Actor) -> None:
    batch = applied(nomvula, csv_of([row(0)]))
    with pytest.raises(IllegalTransition):
        import_writing.start(nomvula, batch.pk)
    assert timezone.now() - Customer.objects.get().recorded_at < timedelta(minutes=1)


# ------------------------------------------------------------------- at the same time


def at_once(works: list[Callable[[], object]]) -> list[object]:
    start = Barrier(len(works))

    def one(work: Callable[[], object]) -> object:
        try:
            start.wait(timeout=20)
            return work()
        except DomainError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


@pytest.mark.django_db(transaction=True)
def test_the_same_file_written_by_two_people_at_once_makes_nobody_twice() -> None:
    rosebank = branch("RSB", name="Rosebank")
    first, second = staff(Role.BRANCH_MANAGER, rosebank), staff(Role.BRANCH_MANAGER, rosebank)
    content = csv_of([row(n) for n in range(12)])
    batches = [checked(first, content), checked(second, content)]
    for actor, batch in zip((first, second), batches, strict=True):
        assert batch.counts["new"] == 12
        import_writing.start(actor, batch.pk)
    at_once([lambda: import_writing.write(first, batches[0].pk), lambda: import_writing.write(second, batches[1].pk)])
    assert Customer.objects.count() == 12
    assert CustomerImportRow.objects.filter(is_live=True).count() == 12
    assert CustomerImportRow.objects.filter(verdict="before").count() == 12


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_import_write_each_row_once() -> None:
    rosebank = branch("RSB", name="Rosebank")
    manager = staff(Role.BRANCH_MANAGER, rosebank)
    batch = checked(manager, csv_of([row(n) for n in range(12)]))
    import_writing.start(manager, batch.pk)
    answers = at_once([lambda: import_writing.write(manager, batch.pk)] * 2)
    assert Customer.objects.count() == 12
    assert sorted(type(answer).__name__ for answer in answers) == ["CustomerImport", "IllegalTransition"]
