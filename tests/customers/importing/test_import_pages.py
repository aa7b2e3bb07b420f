"""Who may import where, and the pages from the file to the customers and back."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from branches.models import Branch
from branches.roles import Role
from core.actor import Actor
from core.errors import NotAllowed, NotVisible
from customers.models import Customer, CustomerImport
from customers.services import importing
from records.services import importing as steps
from tests.customers.importing.lists import checked, csv_of, known, row
from tests.factories import branch, staff

pytestmark = pytest.mark.django_db


def test_only_management_imports_and_only_into_its_branches(nomvula: Actor, rosebank: Branch) -> None:
    durban = branch("DUR", name="Durban")
    with pytest.raises(NotAllowed):
        importing.upload(staff(Role.RECEPTIONIST, rosebank), rosebank.pk, "old.csv", csv_of([row(0)]))
    with pytest.raises(NotVisible):
        importing.upload(nomvula, durban.pk, "old.csv", csv_of([row(0)]))
    batch = importing.upload(nomvula, rosebank.pk, "old.csv", csv_of([row(0)]))
    with pytest.raises(NotVisible):
        importing.dry_run(staff(Role.BRANCH_MANAGER, durban), batch.pk, batch.columns)


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


def test_the_page_costs_the_same_for_many_rows(
    desk: Client, nomvula: Actor, django_assert_max_num_queries: Any
) -> None:
    known(nomvula)
    batch = checked(nomvula, csv_of([row(n, Cell="0825554417") for n in range(30)]))
    with django_assert_max_num_queries(40):
        shown = desk.get(reverse("customers:import", args=[batch.number])).content.decode()
    assert shown.count('name="row"') == 25
