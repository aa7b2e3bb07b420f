"""The return slip: in the customer's language, with bars that a scanner reads, without address, amount or power."""

import pytest
from django.test import Client
from django.utils import translation

import aftersales.tasks  # the handler of its job
from aftersales import documents
from aftersales.models import Return
from aftersales.services import returns
from core import job_runs
from core.models import Job
from customers.models import Customer
from orders.models import Paper
from orders.services import links
from tests.aftersales import makers
from tests.aftersales.test_return_pages import at
from tests.notifications.test_log import as_staff
from tests.orders import makers as selling
from tests.orders.makers import Shop
from tests.orders.test_pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    assert aftersales.tasks.make_slip
    return selling.shop("RSB", name="Rosebank")


@pytest.fixture
def approved(shop: Shop) -> Return:
    found = makers.asked(makers.handed_over(shop))
    returns.approve(shop.manager, found.pk, "")
    return Return.objects.get(pk=found.pk)


def phone_of(found: Return) -> tuple[Client, str]:
    client = Client()
    client.get("/" + links.link_for(found.order, "sms").partition("//")[2].partition("/")[2])
    return client, f"/t/order/{found.order.public_code}/"


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Return slip"), ("fr", "Bon de retour"), ("ar", "قسيمة الإرجاع")]
)
def test_the_slip_names_the_return_and_nothing_private(approved: Return, language: str, title: str) -> None:
    person = approved.order.customer
    Customer.objects.filter(pk=person.pk).update(line1="7 Private Road", city="Parktown")
    with translation.override(language):
        page = documents.html(Return.objects.get(pk=approved.pk), for_pdf=True)
    assert title in page and approved.number in page and "Karoo 214" in page and 'class="barcode"' in page
    for private in (person.family_name, person.phone, person.email, "7 Private Road", "2450", "2 450"):
        assert private not in page


def test_the_customer_prints_it_once_it_is_approved(shop: Shop, approved: Return) -> None:
    phone, here = phone_of(approved)
    assert "Return slip to print" in text(phone.get(here))
    assert "being made" in text(phone.get(f"{here}return/slip/"))
    assert job_runs.run_waiting() >= 1
    paper = phone.get(f"{here}return/slip/")
    assert paper.headers["Content-Type"] == "application/pdf" and b"".join(paper.streaming_content)[:5] == b"%PDF-"
    phone.get(f"{here}return/slip/")
    assert Paper.objects.filter(kind="return").count() == 1
    returns.withdraw(makers.by_link(approved.order), approved.pk)
    assert phone.get(f"{here}return/slip/").status_code == 303


def test_a_slip_that_cannot_be_made_is_not_waited_for(approved: Return) -> None:
    phone, here = phone_of(approved)
    assert phone.get(f"{here}return/slip/").headers["Refresh"] == "4"
    Job.objects.filter(kind="aftersales.paper").update(state="dead")
    failed = phone.get(f"{here}return/slip/")
    assert "Refresh" not in failed.headers
    assert "Your return slip could not be made" in text(failed) and f"{here}problem/" in failed.content.decode()


def test_staff_print_it_and_another_branch_does_not_see_it(shop: Shop, approved: Return, client: Client) -> None:
    desk = as_staff(client, shop.receptionist)
    assert "Return slip" in text(desk.get(at("page", approved)))
    assert "Being prepared" in text(desk.get(f"{at('page', approved)}slip.pdf"))
    Job.objects.filter(kind="aftersales.paper").update(state="dead")
    assert "The PDF could not be made" in text(desk.get(f"{at('page', approved)}slip.pdf"))
    assert "Being prepared" in text(desk.post(f"{at('page', approved)}slip.pdf"))
    assert Job.objects.get(kind="aftersales.paper").state == "waiting"
    stranger = as_staff(Client(), selling.shop("DUR").receptionist)
    assert stranger.get(f"{at('page', approved)}slip.pdf").status_code == 404
