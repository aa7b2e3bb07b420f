"""The sample practice's people: those of the story, and others with the names that forms usually break on."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from branches.models import Branch, NumberSeries, User
from core.actor import Actor
from customers import services
from customers.data import CustomerData
from customers.models import Channel, Customer
from customers.services import households
from customers.services.counter import NewCustomer, receive
from demo.acting import acting

# (given names, family name, birth date, mobile, e-mail, branch, more)
_PEOPLE: tuple[tuple[str, str, str, str, str, str, dict[str, Any]], ...] = (
    ("Ashwin", "Pillay", "1985-06-12", "082 555 0101", "ashwin@post.example", "RSB", {}),
    ("Deon", "Smit", "1990-01-30", "083 555 0102", "", "RSB", {}),
    ("Saras", "Govender", "1958-11-02", "084 555 0103", "saras@post.example", "RSB", {}),
    ("Tolu", "Adeyemi", "1979-08-19", "072 555 0104", "tolu@post.example", "RSB", {}),
    ("Annelie", "Botha", "1966-04-25", "082 555 0105", "annelie@post.example", "RSB", {}),
    ("Ilse", "Van der Merwe", "1988-02-14", "083 555 0106", "ilse@post.example", "RSB", {}),
    ("Lindiwe", "Nkosi", "2017-05-09", "", "", "RSB", {"other_phone": "011 555 0107"}),
    ("Refilwe", "Khoza", "1971-10-03", "076 555 0108", "refilwe@post.example", "RSB", {}),
    ("Priya", "Chetty", "2001-07-21", "082 555 0109", "priya@post.example", "RSB", {}),
    ("Marco", "Ferreira", "1994-12-11", "083 555 0110", "marco@post.example", "RSB", {"language": "pt"}),
    ("Elmarie", "Roux", "1962-03-18", "084 555 0111", "elmarie@post.example", "RSB", {}),
    ("Yusuf", "Abrahams", "1975-09-27", "082 555 0112", "yusuf@post.example", "RSB", {}),
    ("Naeem", "Jacobs", "1955-01-05", "083 555 0113", "naeem@post.example", "RSB", {"notes": "Diabetic"}),
    ("Harpreet", "Singh", "1983-05-30", "072 555 0114", "harpreet@post.example", "RSB", {}),
    ("Hendrik", "Van Wyk", "1949-08-08", "082 555 0115", "", "RSB", {"preferred_channel": "sms"}),
    ("Bongani", "Hadebe", "1960-02-28", "083 555 0116", "bongani@post.example", "RSB", {}),
    ("Sibusiso", "Dlamini", "1992-06-06", "084 555 0117", "sibusiso@post.example", "RSB", {}),
    ("Jeanne", "Marais", "1980-10-10", "082 555 0118", "jeanne@post.example", "RSB", {}),
    ("Chidi", "Okafor", "1987-04-01", "076 555 0119", "chidi@post.example", "RSB", {}),
    ("Devi", "Naicker", "1969-12-24", "083 555 0120", "devi@post.example", "RSB", {}),
    ("Johan", "Fourie", "1952-07-07", "082 555 0121", "johan@post.example", "RSB", {}),
    ("Kavitha", "Reddy", "1978-03-03", "083 555 0122", "kavitha@post.example", "UMH", {}),
    ("Wei Ling", "Tan", "1999-09-09", "072 555 0123", "weiling@post.example", "UMH", {}),
    ("Maria da Conceição", "Fernandes de Albuquerque e Castro", "1948-05-13", "082 555 0124", "maria@post.example", "DUR",
     {"called": "São", "language": "pt"}),
    ("Keanu-Nkosiyabo Sandile Mlungisi", "Ntshangase-Van Rensburg", "2004-11-29", "083 555 0125", "keanu@post.example", "DUR", {}),
    ("José María", "Núñez Ibáñez", "1981-03-04", "076 555 0126", "jose@post.example", "RSB", {}),
    ("Zoë", "O’Shaughnessy", "1996-01-17", "082 555 0127", "zoe@post.example", "UMH", {}),
    ("Jürgen", "Großmann", "1957-06-23", "083 555 0128", "juergen@post.example", "RSB", {}),
    ("Łucja", "Wiśniewska", "1985-08-31", "084 555 0129", "lucja@post.example", "DUR", {}),
    ("ليلى", "العبد الله", "1990-10-20", "072 555 0130", "layla@post.example", "RSB", {"called": "Layla", "language": "ar"}),
    ("محمد", "الحسيني", "1976-02-11", "082 555 0131", "mohamed@post.example", "UMH", {"called": "Mohamed", "language": "ar"}),
    ("נועה", "כהן", "1993-05-05", "083 555 0132", "noa@post.example", "RSB", {"called": "Noa"}),
    ("太郎", "山田", "1968-12-01", "076 555 0133", "taro@post.example", "UMH", {"called": "Taro Yamada"}),
    ("Екатерина", "Соколова", "1989-07-14", "082 555 0134", "katya@post.example", "DUR", {"called": "Katya"}),
    ("Ελένη", "Παπαδοπούλου", "1972-09-02", "083 555 0135", "eleni@post.example", "RSB", {"called": "Eleni"}),
    ("अंजलि", "शर्मा", "1984-11-08", "084 555 0136", "anjali@post.example", "DUR", {"called": "Anjali"}),
    ("Madonna", "", "1958-08-16", "072 555 0137", "", "UMH", {}),
    ("Nomsa", "Zulu", "1963-04-04", "082 555 0138", "nomsa@post.example", "DUR", {}),
    ("Nomsa", "Zulu", "1994-04-14", "083 555 0139", "nomsa.z@post.example", "RSB", {}),
    ("Pieter", "Van der Merwe", "1986-12-12", "083 555 0106", "", "RSB", {}),
    ("Ayesha", "Khan", "1997-03-29", "076 555 0141", "ayesha@post.example", "DUR", {}),
    ("Sizwe", "Mabaso", "1974-06-16", "082 555 0142", "sizwe@post.example", "UMH", {}),
    ("Karabo", "Molefe", "2010-09-24", "", "", "RSB", {"other_phone": "011 555 0143"}),
    ("Tshepo", "Molefe", "1982-01-20", "083 555 0144", "tshepo@post.example", "RSB", {}),
    ("Bronwyn", "Daniels", "1991-11-11", "084 555 0145", "bronwyn@post.example", "DUR", {}),
    ("Rajesh", "Maharaj", "1951-02-02", "072 555 0146", "", "DUR", {}),
    ("Susanna", "Steyn", "1944-10-30", "", "", "RSB", {"other_phone": "011 555 0147", "notes": "Ring after ten"}),
    ("Imran", "Patel", "1970-05-25", "082 555 0148", "imran@post.example", "UMH", {"insurer": "Blue Crane Health"}),
    ("Ntombi", "Sithole", "1988-08-08", "083 555 0149", "ntombi@post.example", "DUR", {"insurer": "Blue Crane Health"}),
    ("Gert", "Coetzee", "1965-09-19", "076 555 0150", "gert@post.example", "RSB", {}),
    ("Amahle", "Cele", "1998-12-31", "082 555 0151", "amahle@post.example", "UMH", {}),
    ("Vusi", "Radebe", "1977-07-17", "083 555 0152", "vusi@post.example", "RSB", {}),
    ("Fatima", "Moosa", "1961-01-01", "084 555 0153", "fatima@post.example", "DUR", {}),
    ("Daniel", "Kruger", "2006-03-15", "072 555 0154", "daniel@post.example", "RSB", {}),
    ("Lwazi", "Ngcobo", "1995-05-15", "082 555 0155", "lwazi@post.example", "DUR", {}),
    ("Charmaine", "Petersen", "1973-10-06", "083 555 0156", "charmaine@post.example", "UMH", {}),
    ("Oupa", "Motaung", "1938-06-18", "", "", "RSB", {"other_phone": "011 555 0157"}),
    ("Siobhán", "Ní Bhriain", "1992-02-29", "076 555 0158", "siobhan@post.example", "UMH", {}),
    ("Thabo", "Mokoena", "1999-04-27", "082 555 0159", "thabo@post.example", "DUR", {}),
)  # fmt: skip

THANDI = CustomerData(
    given_names="Thandi", family_name="Mokoena", birth_date=date(1974, 3, 4), phone="082 555 4417",
    email="thandi@post.example", preferred_channel=Channel.SMS.value, line1="7 Bath Avenue", city="Johannesburg",
    region="Gauteng", postal_code="2196", country="ZA",
)  # fmt: skip
_THANDIS_NUMBER = 104_882


def build(now: datetime) -> None:
    """Thandi Mokoena and her son first, then everybody else, entered by the desk of their branch."""
    desk = acting("zanele", "RSB")
    branches = {branch.code: branch for branch in Branch.objects.all()}
    # The practice has been at it for years: its next free number is Thandi's.
    NumberSeries.objects.update_or_create(
        branch=None, kind="customer", year=0, defaults={"last": _THANDIS_NUMBER - 100_001}
    )
    since = datetime(2017, 3, 6, 8, 30, tzinfo=UTC)
    thandi = receive(desk, NewCustomer(THANDI, ("recall", "feedback")), since)
    services.check_identity(desk, thandi.pk, "identity card", since)
    son = CustomerData("Kagiso", "Mokoena", birth_date=date(2009, 2, 1))
    kagiso = services.create(desk, son, since + timedelta(days=900))
    households.join(desk, kagiso.pk, thandi.pk, "son")
    for n, row in enumerate(_PEOPLE):
        _enter(row, acting("zanele" if row[5] == "RSB" else "themba", row[5]), branches[row[5]], n, now)


def _enter(row: tuple[Any, ...], actor: Actor, home: Branch, n: int, now: datetime) -> None:
    given, family, born, phone, email, _code, more = row
    recall = {"recall_on": now.date() - timedelta(days=n % 5)} if n % 13 == 3 else {}
    data = CustomerData(
        given_names=given, family_name=family, birth_date=date.fromisoformat(born), phone=phone, email=email,
        home_branch_id=home.pk, **{"preferred_channel": Channel.SMS.value, **recall, **more},
    )  # fmt: skip
    receive(
        actor,
        NewCustomer(data, ("recall", "marketing") if n % 4 == 0 else ("recall",)),
        now - timedelta(days=40 + 37 * n),
    )


def named(given: str, family: str) -> Customer:
    """A sample customer by name, the first entered when two share it."""
    return Customer.objects.filter(given_names=given, family_name=family).order_by("pk")[0]


def person(name: str) -> User:
    """A sample member of staff by the first part of the address."""
    return User.objects.get(email=f"{name}@practice.example")
