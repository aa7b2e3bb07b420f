"""Bank statements as MT940: the line's day, sign, words and payer in three banks' manners, and what is refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from branches.roles import Role
from core.errors import DomainError
from orders.banking import mt940
from orders.models import BankLine, BankStatement
from orders.services import banking
from tests import factories
from tests.orders import makers
from tests.orders.test_banking import OWES, csv_of, paid, verdicts
from tests.orders.test_banking import row as csv_row
from tests.orders.test_pages import text

pytestmark = pytest.mark.django_db


def message(*lines: str, account: str = "ZA0012345678", opened: str = "C261123ZAR1000,00", closed: str = "") -> bytes:
    """One message in its envelope, with the line ends of SWIFT."""
    close = [f":62F:{closed}"] if closed else []
    fields = [":20:STARTUMS", f":25:{account}", ":28C:228/1", f":60F:{opened}", *lines, *close, "-}"]
    return "\r\n".join(["{1:F01SBZAZAJJXXXX0000000000}{2:O9400000N}{4:", *fields, ""]).encode()


def rows(content: bytes) -> list[list[str]]:
    return [list(row) for row in mt940.read(content, 5000).table.rows]


def test_a_free_text_statement_is_read_line_by_line() -> None:
    content = message(
        ":61:2611241124CR1595,NTRFNONREF//8761234", "T MOKOENA", ":86:EFT CREDIT RSB-10482 SPECTACLES",
        ":61:261124D89,5NCHGFEES1124", ":86:BANK FEES",
        closed="C261124ZAR2505,50",
    )  # fmt: skip
    assert rows(content) == [
        ["2026-11-24", "1595.00", "EFT CREDIT RSB-10482 SPECTACLES T MOKOENA", "", ""],
        ["2026-11-24", "-89.50", "BANK FEES", "FEES1124", ""],
    ]
    assert mt940.read(content, 5000).account == "ZA0012345678"


def test_german_subfields_become_purpose_and_payer_without_their_account() -> None:
    told = [
        ":86:166?00GUTSCHR. UEBERWEISUNG?20EREF+NOTPROVIDED?21SVWZ+Rechnung Brille RSB-10",
        "?22482 danke?30MARKDEFFXXX?31DE02120300000000202051?32ANNA-SOPHIE MEYER-VON DER HA?33GEN",
    ]
    [row] = rows(message(":61:2611241124CR500,00NTRFKREF+//X", *told))
    assert row[2] == "EREF+NOTPROVIDED SVWZ+Rechnung Brille RSB-10482 danke"
    assert row[4] == "ANNA-SOPHIE MEYER-VON DER HAGEN"
    assert "DE0212" not in " ".join(row)


def test_stroked_fields_become_purpose_payer_and_reference() -> None:
    told = [
        ":86:/TRTP/SEPA OVERBOEKING/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/",
        "M VAN DEN BERG/REMI/USTD//RSB-10455 MULTIFOCAL/EREF/NOTPROVIDED",
    ]
    [row] = rows(message(":61:2611241124C12,NTRFNONREF", *told))
    assert row[2:] == ["RSB-10455 MULTIFOCAL", "", "M VAN DEN BERG"]


def test_a_full_line_goes_on_in_the_middle_of_a_word() -> None:
    first = "PAYMENT RECEIVED FROM THE CUSTOMER NAMED IN OUR BOOKS FOR RSB-104"
    assert len(first) == 65
    [row] = rows(message(":61:261124C12,NTRFNONREF", f":86:{first}", "82 THANKS", "SECOND LINE"))
    assert row[2] == f"{first}82 THANKS SECOND LINE"


@pytest.mark.parametrize(
    ("mark", "amount"),
    [("C", "12.00"), ("D", "-12.00"), ("RC", "-12.00"), ("RD", "12.00"), ("CR", "12.00"), ("RCR", "-12.00")],
)
def test_marks_say_the_direction_and_reversals_the_other(mark: str, amount: str) -> None:
    assert rows(message(f":61:261124{mark}12,00NTRFNONREF"))[0][1] == amount


@pytest.mark.parametrize(
    ("value", "entry", "day"),
    [("261231", "0102", "2027-01-02"), ("270101", "1231", "2026-12-31"), ("261124", "", "2026-11-24")],
)
def test_the_day_of_booking_is_meant_also_about_new_year(value: str, entry: str, day: str) -> None:
    assert rows(message(f":61:{value}{entry}C1,00NTRFNONREF"))[0][0] == day


def test_pages_of_one_statement_are_one_list_and_their_balances_are_chained() -> None:
    first = message(":61:261124C100,00NTRFNONREF").replace(b"-}", b":62M:C261124ZAR1100,00\r\n-}")
    second = message(":61:261125D50,00NTRFNONREF", opened="X", closed="C261125ZAR1050,00")
    second = second.replace(b":60F:X", b":60M:C261124ZAR1100,00")
    assert [row[1] for row in rows(first + second)] == ["100.00", "-50.00"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (message(":61:261124C100,00NTRFNONREF", closed="C261124ZAR1200,00"), "The lines come to 100.00, but the balance moved by 200.00"),
        (message(":61:261124C1,00NTRFNONREF", opened="C261123EUR10,00"), "The account is kept in EUR, the practice counts in ZAR."),
        (message(":61:261124C1,00NTRFNONREF") + message(":61:261124C1,00NTRFNONREF", account="OTHER"), "statements of 2 accounts"),
        (message(), "No money moved"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_as_a_whole_is_refused_and_nothing_is_kept(content: bytes, words: str) -> None:
    farah = factories.staff(Role.ACCOUNTANT, makers.shop("RSB").branch)
    with pytest.raises(DomainError) as refused:
        banking.upload(farah, farah.branch_id or 0, "", "bank.sta", content)
    assert words in refused.value.fields["file"]
    assert not BankStatement.objects.exists() and not BankLine.objects.exists()


def test_every_line_gets_a_verdict_and_an_unreadable_one_is_refused_alone() -> None:
    shop = makers.shop("RSB")
    farah = factories.staff(Role.ACCOUNTANT, shop.branch)
    order, known = makers.confirmed(shop), makers.confirmed(shop)
    content = message(
        f":61:261124C{OWES.replace('.', ',')}NTRFNONREF", f":86:EFT {order.number}",
        ":61:261124C500,00NTRFNONREF", f":86:{known.number} PART",
        ":61:261124D89,50NCHGNONREF", ":61:2611XXC7,00NTRF", ":61:261345C9,00NTRFNONREF",
        closed="C261124ZAR99,00",
    )  # fmt: skip
    batch = banking.upload(farah, shop.branch.pk, "", "bank.sta", content)
    batch = banking.dry_run(farah, batch.pk, batch.columns)
    assert (batch.account, batch.row_count) == ("ZA0012345678", 5)
    assert verdicts(batch) == ["exact", "likely", "out", "refused", "refused"]
    assert paid(order) == []
    assert banking.settle_exact(farah, batch.pk) == 1
    assert [str(amount) for amount in paid(order)] == [f"-{OWES}"]


def test_the_same_statement_again_has_no_second_effect() -> None:
    shop = makers.shop("RSB")
    farah = factories.staff(Role.ACCOUNTANT, shop.branch)
    content = message(":61:261124C500,00NTRFNONREF", ":86:SOMEBODY")
    for expected in ("none", "before"):
        batch = banking.upload(farah, shop.branch.pk, "", "bank.sta", content)
        assert verdicts(banking.dry_run(farah, batch.pk, batch.columns)) == [expected]


def test_the_page_takes_mt940_without_an_account_and_asks_for_one_with_a_table(client: Client) -> None:
    shop = makers.shop("RSB")
    client.force_login(factories.user(Role.ACCOUNTANT, shop.branch))
    sent = {"account": "", "branch": shop.branch.pk}
    table = SimpleUploadedFile("bank.csv", csv_of([csv_row("5.00")]))
    refused = client.post(reverse("orders:bank"), {**sent, "file": table})
    assert refused.status_code == 422 and "Enter the number of the bank account." in refused.content.decode()
    file = SimpleUploadedFile("bank.sta", message(":61:261124C500,00NTRFNONREF", ":86:SOMEBODY"))
    assert client.post(reverse("orders:bank"), {**sent, "file": file}).status_code == 303
    batch = BankStatement.objects.get()
    address = reverse("orders:bank_statement", args=[batch.number])
    page = client.get(address).content.decode()
    assert "ZA0012345678" in page and "SOMEBODY" in page
    BankLine.objects.filter(batch=batch).update(cells=["", "", "2611XX7,00", "", ""])
    client.post(address, dict(batch.columns))
    refused = text(client.get(f"{address}?show=refused"))
    assert "2611XX7,00 row 2" in refused and "Date: Nothing is written here." in refused
