"""Papers: exact words and amounts in the PDF, made by a worker, given only to who may see the order."""

import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from branches.models import Organisation, User
from core import job_runs, pdf
from core.errors import NotVisible
from orders import documents
from orders.discounts import Discount
from orders.models import Order, Paper
from orders.pricing import ServiceItem
from orders.services import papers, payments
from orders.services.payments import AdjustmentData, PaymentData
from orders.services.quotations import QuoteRequest
from tests.orders import makers
from tests.orders.makers import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(settings: Any, tmp_path: Any) -> Shop:
    settings.MEDIA_ROOT = tmp_path
    return makers.shop("RSB", name="Rosebank", phone="011 555 0142")


@pytest.fixture
def order(shop: Shop) -> Order:
    exam = makers.service()
    request = QuoteRequest([Discount("frame", "loyalty", percent=Decimal(10))], [ServiceItem(exam.pk)])
    made = makers.confirmed(shop, request)
    payments.take(shop.receptionist, PaymentData(made.pk, Decimal("5262.50"), "card", "ending 6021"))
    return made


def words(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in pages)


def test_the_invoice_says_every_amount(order: Order) -> None:
    said = words(documents.pdf(documents.invoice(order)))
    number = order.ledger.get(kind="charge").number
    for part in (
        "Tax invoice", number, "VAT no. 4990 000 000", "Thandi Mokoena", order.number,
        "Karoo 214, havana", "2 450.00", "−245.00", "2 205.00", "6 380.00", "1 250.00", "690.00",
        "Amount without VAT 9 152.18", "VAT 15 % 1 372.82", "Total 10 525.00", "−5 262.50", "Due on collection 5 262.50",
        "Page 1 of 1",
    ):  # fmt: skip
        assert part in said, part
    for clinical in ("065", "2.25", "31.5"):
        assert clinical not in said


def test_the_receipt_fits_the_till_roll_and_says_what_is_left(order: Order) -> None:
    entry = order.ledger.get(kind="payment")
    made = documents.pdf(documents.receipt(entry))
    width_mm = float(PdfReader(io.BytesIO(made)).pages[0].mediabox.width) / 72 * 25.4
    assert round(width_mm) == 80
    said = words(made)
    for part in ("Receipt", entry.number, "R 5 262.50", "ending 6021", "Still to pay R 5 262.50"):
        assert part in said, part


def test_a_long_quotation_runs_over_pages_with_the_name_on_each(order: Order) -> None:
    quotation = order.quotations.get()
    first = quotation.lines.get(key="frame")
    for n in range(60):
        first.pk, first.key, first.position = None, f"copy-{n}", 10 + n
        first.save(force_insert=True)
    pages = PdfReader(io.BytesIO(documents.pdf(documents.quotation(quotation)))).pages
    assert len(pages) > 1
    assert all("Thandi Mokoena" in page.extract_text() for page in pages)


def test_a_document_reaches_neither_disk_nor_network() -> None:
    fetcher = pdf.locked_fetcher()
    for address in ("file:///etc/passwd", "http://127.0.0.1:1/x", "https://practice.example/x"):
        with pytest.raises(ValueError, match="protocol"):
            fetcher.fetch(address)


def test_the_pdf_is_prepared_by_the_worker_and_then_downloaded(shop: Shop, order: Order) -> None:
    client = Client()
    client.force_login(User.objects.get(pk=shop.receptionist.user_id))
    address = reverse("orders:paper", args=[order.number, "invoice"])
    waiting = client.get(address)
    assert waiting.status_code == 200 and "Being prepared" in waiting.content.decode()
    assert job_runs.run_waiting() >= 1
    ready = client.get(address)
    assert ready["Content-Type"] == "application/pdf"
    content = b"".join(ready.streaming_content)
    assert content.startswith(b"%PDF-")
    paper = Paper.objects.get()
    assert papers.make(paper.pk).sha256 == paper.sha256
    payments.take(shop.receptionist, PaymentData(order.pk, Decimal(1), "card", "2"))
    assert "Being prepared" in client.get(address).content.decode(), "a payment makes it another invoice"


def test_a_reference_of_another_order_does_not_exist(shop: Shop, order: Order) -> None:
    other = makers.confirmed(shop)
    entry = order.ledger.get(kind="payment")
    client = Client()
    client.force_login(User.objects.get(pk=shop.receptionist.user_id))
    address = reverse("orders:paper", args=[other.number, "receipt"])
    for reference in (entry.number, "", "x", "../../etc/passwd"):
        assert client.get(address, {"ref": reference}).status_code == 404
    assert client.get(reverse("orders:paper", args=[other.number, "secret"])).status_code == 404
    assert not Paper.objects.exists()


def test_a_credit_note_names_its_invoice_reason_and_the_tax_in_it(order: Order, shop: Shop) -> None:
    entry = payments.adjust(shop.manager, AdjustmentData(order.pk, Decimal("-230.00"), "delivered late"))
    said = words(documents.pdf(documents.credit_note(entry)))
    invoice = order.ledger.get(kind="charge").number
    for part in (
        "Credit note",
        entry.number,
        invoice,
        "delivered late",
        "VAT 15 % included 30.00",
        "Total credit 230.00",
    ):
        assert part in said, part
    with pytest.raises(NotVisible):
        documents.credit_note(order.ledger.get(kind="payment"))


def test_a_statement_tells_every_entry_of_every_order_and_what_is_open(order: Order, shop: Shop) -> None:
    second = makers.confirmed(shop, customer=order.customer)
    said = words(documents.pdf(documents.statement(order.customer)))
    for entry in [*order.ledger.all(), *second.ledger.all()]:
        assert entry.number in said
    assert "Open today 15 342.50" in said
    with pytest.raises(NotVisible):
        documents.statement(makers.customer(shop.branch))


def test_a_split_payment_is_one_receipt(shop: Shop) -> None:
    made = makers.confirmed(shop)
    rows = [
        PaymentData(made.pk, Decimal("80.00"), "card"),
        PaymentData(made.pk, Decimal("9000.00"), "transfer", "EFT 7"),
    ]
    first, second = payments.take_split(shop.receptionist, rows)
    said = words(documents.pdf(documents.receipt(first)))
    for part in ("R 80.00", "R 9 000.00", "EFT 7", second.number, "Still to pay R 1 000.00"):
        assert part in said, part


def test_the_statement_and_the_credit_note_are_made_by_the_worker(order: Order, shop: Shop) -> None:
    client = Client()
    client.force_login(User.objects.get(pk=shop.manager.user_id))
    entry = payments.adjust(shop.manager, AdjustmentData(order.pk, Decimal("-230.00"), "delivered late"))
    addresses = (
        reverse("orders:statement_paper", args=[order.customer.number]),
        f"{reverse('orders:paper', args=[order.number, 'credit'])}?ref={entry.number}",
    )
    for address in addresses:
        assert client.get(address).headers["Refresh"] == "2"
        job_runs.run_waiting()
        assert client.get(address).headers["Content-Type"] == "application/pdf"


def test_what_the_practice_wrote_on_invoices_is_read_in_the_customers_language() -> None:
    order = makers.confirmed(makers.shop())
    words = {"invoice_words": "Frame 24 months.", "invoice_words_fr": "Monture 24 mois."}
    Organisation.objects.update(**words)
    said = {}
    for language in ("en", "fr", "pt"):
        with translation.override(language):
            said[language] = documents.html(documents.invoice(order))
    assert "Monture 24 mois." in said["fr"] and "Frame 24 months." not in said["fr"]
    assert "Frame 24 months." in said["en"] and "Frame 24 months." in said["pt"]
