"""Customers with names as they occur: several naming traditions, family names shared by many."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from customers.names import search_text, sort_key

GIVEN = [
    "Thandi",
    "Sipho",
    "Nomsa",
    "Bongani",
    "Lerato",
    "Kagiso",
    "Zanele",
    "Themba",
    "Naledi",
    "Mandla",
    "Precious",
    "Tebogo",
    "Ayanda",
    "Lindiwe",
    "Sibusiso",
    "Palesa",
    "Johan",
    "Annelie",
    "Pieter",
    "Elmarie",
    "Hendrik",
    "Ilse",
    "Gert",
    "Marietjie",
    "Deon",
    "Riana",
    "Willem",
    "Susanna",
    "Kobus",
    "Magda",
    "Priya",
    "Ashwin",
    "Kavitha",
    "Naveen",
    "Saras",
    "Devi",
    "Rajesh",
    "Anjali",
    "Imran",
    "Fatima",
    "Yusuf",
    "Ayesha",
    "Naeem",
    "Zainab",
    "James",
    "Sarah",
    "Michael",
    "Emma",
    "David",
    "Olivia",
    "Peter",
    "Grace",
    "Marco",
    "Eleni",
    "Chidi",
    "Tolu",
    "Wei",
    "Mei",
    "Łucja",
    "José",
    "Zoë",
    "François",
]
MIDDLE = [
    "Nkosi",
    "Maria",
    "Ann",
    "Jacobus",
    "Naidoo",
    "Lee",
    "Grace",
    "Rose",
    "Johannes",
    "Petrus",
    "Mpho",
    "Lwazi",
    "Elizabeth",
    "Joy",
]
FAMILY = [
    "Dlamini",
    "Nkosi",
    "Khumalo",
    "Mokoena",
    "Mthembu",
    "Ndlovu",
    "Zulu",
    "Mahlangu",
    "Sithole",
    "Molefe",
    "Mkhize",
    "Radebe",
    "Cele",
    "Hadebe",
    "Maseko",
    "Dube",
    "Botha",
    "Fourie",
    "Venter",
    "Coetzee",
    "Marais",
    "Roux",
    "Pretorius",
    "Nel",
    "Steyn",
    "Kruger",
    "Smit",
    "Swanepoel",
    "Erasmus",
    "Joubert",
    "Naidoo",
    "Pillay",
    "Govender",
    "Reddy",
    "Naicker",
    "Chetty",
    "Singh",
    "Patel",
    "Khan",
    "Abrahams",
    "Jacobs",
    "Ismail",
    "Adams",
    "Davids",
    "Smith",
    "Jones",
    "Williams",
    "Brown",
    "Taylor",
    "Wilson",
    "Evans",
    "Thomas",
    "O’Brien",
    "Ferreira",
    "Okafor",
    "Adeyemi",
    "Tan",
    "Wiśniewska",
    "Núñez",
]
ENDS = ("", "", "", "", "se", "berg", "mann", "son", "wa", "ni", "ova", "stein", "ley", "worth", "ford", "well")
DOMAINS = ("post.example", "mail.example", "work.example")
COLUMNS = (
    "id", "public_id", "source", "recorded_at", "responsible_role", "version", "number", "title", "given_names",
    "family_name", "called", "birth_date", "phone", "phone_as_typed", "other_phone", "other_phone_as_typed", "email",
    "language", "time_zone", "preferred_channel", "line1", "line2", "city", "region", "postal_code", "country",
    "address_unverified", "insurer", "insurer_number", "notes", "household_relation", "home_branch_id", "sort_key",
    "search_text", "phone_reversed", "other_phone_reversed",
)  # fmt: skip


def rows(first_id: int, count: int, branches: list[int], today: date) -> Iterator[tuple[object, ...]]:
    """One tuple for each customer, in the order of `COLUMNS`; the same for the same count."""
    chance = random.Random(count)
    for place in range(count):
        yield _row(chance, first_id + place, branches[place % len(branches)], today)


def _row(chance: random.Random, pk: int, branch: int, today: date) -> tuple[object, ...]:
    given = chance.choice(GIVEN) + (f" {chance.choice(MIDDLE)}" if chance.random() < 0.3 else "")
    family = chance.choice(FAMILY) + chance.choice(ENDS)
    if chance.random() < 0.06:
        family += f"-{chance.choice(FAMILY)}"
    number, phone = f"C-{pk}", f"+278{chance.randrange(10**8):08d}"
    born = today - timedelta(days=chance.randrange(5 * 365, 90 * 365))
    email = f"{given.split()[0].lower()}.{pk}@{chance.choice(DOMAINS)}" if chance.random() < 0.7 else ""
    came = today - timedelta(days=chance.randrange(1, 1500))
    return (
        pk, f"00000000-0000-4000-8000-{pk:012x}", "counter", f"{came} 09:00+00", "receptionist", 1, number, "", given,
        family, "", born, phone, "0" + phone[3:], "", "", email,
        "en", "", "email" if email else "sms", f"{chance.randrange(1, 300)} Cradock Avenue", "", "Johannesburg", "Gauteng",
        "2196", "ZA", False, "", "", "", "", branch, sort_key(given, family),
        search_text(given, family, "", number), phone[::-1], "",
    )  # fmt: skip
