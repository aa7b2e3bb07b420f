"""What we can take from a list of customers, by the words that systems put over their columns."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from core.importing.columns import Column
from customers.models import ConsentPurpose

CONSENTS = {
    "consent_recall": ConsentPurpose.RECALL,
    "consent_feedback": ConsentPurpose.FEEDBACK,
    "consent_marketing": ConsentPurpose.MARKETING,
    "consent_messages": ConsentPurpose.ORDER_MESSAGES,
}
DATES = ("birth_date", "recall_on", "consent_on")

COLUMNS: Sequence[Column] = (
    Column(
        "given_names",
        _("Given names"),
        ("first name", "firstname", "forename", "given name", "name first", "voornaam", "prenom", "nome", "first names"),
    ),
    Column(
        "family_name",
        _("Family name"),
        ("last name", "lastname", "surname", "name last", "van", "nom", "apelido", "sobrenome", "family"),
    ),
    Column("full_name", _("Whole name in one column"), ("name", "full name", "customer", "customer name", "patient", "naam")),
    Column("called", _("Called"), ("known as", "nickname", "preferred name", "salutation name")),
    Column("title", _("Title"), ("salutation", "prefix")),
    Column(
        "birth_date",
        _("Date of birth"),
        ("dob", "birth date", "birthdate", "birthday", "born", "date birth", "geboortedatum", "date de naissance"),
    ),
    Column("phone", _("Mobile"), ("cell", "cellphone", "cell phone", "mobile phone", "phone", "telephone", "tel", "cell no", "mobile no", "phone number")),
    Column("other_phone", _("Other phone"), ("home phone", "landline", "work phone", "tel home", "tel work", "phone 2", "home tel")),
    Column("email", _("E-mail"), ("email", "e mail", "mail", "email address", "e mail address")),
    Column("preferred_channel", _("Prefers"), ("preferred contact", "contact by", "preferred channel")),
    Column("language", _("Language"), ("lang", "taal", "langue", "idioma")),
    Column("line1", _("Street and number"), ("address", "address 1", "address line 1", "street", "street address", "adres")),
    Column("line2", _("Second line"), ("address 2", "address line 2", "suburb", "complex")),
    Column("city", _("Town"), ("city", "town city", "place")),
    Column("region", _("Region"), ("province", "state", "county")),
    Column("postal_code", _("Postal code"), ("postcode", "post code", "zip", "zip code", "code postal")),
    Column("country", _("Country"), ("land", "pays", "country code")),
    Column("insurer", _("Medical aid or insurer"), ("medical aid", "insurer", "insurance", "scheme")),
    Column("insurer_number", _("Member number"), ("medical aid no", "membership number", "member no", "policy number")),
    Column("recall_on", _("Recall"), ("recall date", "next recall", "next test", "due date", "recall due")),
    Column("notes", _("Notes"), ("note", "comment", "comments", "remarks", "memo")),
    Column(
        "old_number",
        _("Number in the earlier system"),
        ("customer no", "customer number", "account", "account no", "account number", "patient no", "patient id", "id", "file no"),
    ),
    Column("consent_recall", _("Agrees to recall reminders"), ("recall consent", "recall yes no")),
    Column("consent_feedback", _("Agrees to feedback requests"), ("feedback consent",)),
    Column("consent_marketing", _("Agrees to offers"), ("marketing consent", "marketing", "opt in", "newsletter")),
    Column("consent_messages", _("Agrees to order messages"), ("message consent", "sms consent")),
    Column("consent_on", _("Consent given on"), ("consent date", "date of consent", "opt in date")),
    Column("consent_source", _("Where consent was given"), ("consent source", "consent form", "consent given at")),
)  # fmt: skip

# What an imported row may change of a customer who is known.
UPDATABLE = (
    "title", "called", "birth_date", "phone", "other_phone", "email", "language", "preferred_channel", "line1", "line2",
    "city", "region", "postal_code", "country", "insurer", "insurer_number", "recall_on", "notes",
)  # fmt: skip


def labels() -> Mapping[str, str]:
    """Our columns' names in the reader's language."""
    return {column.name: str(column.label) for column in COLUMNS}


SAMPLE: Sequence[Sequence[str]] = (
    (
        "Customer no", "Title", "First name", "Surname", "Date of birth", "Mobile", "Home phone", "E-mail", "Language", "Street",
        "Town", "Province", "Postal code", "Medical aid", "Member number", "Recall date", "Notes", "Recall consent", "Consent date",
        "Consent source",
    ),
    (
        "4711", "Ms", "Lerato", "Dlamini", "1984-03-29", "082 555 0199", "", "lerato.d@post.example", "English", "12 Oxford Road",
        "Johannesburg", "Gauteng", "2196", "Blue Crane Health", "880123", "2027-02-01", "Prefers mornings", "yes", "2024-05-12",
        "Registration form",
    ),
    ("4712", "", "Pieter", "Botha", "1951-11-02", "", "011 555 0198", "", "", "", "", "", "", "", "", "", "", "", "", ""),
)  # fmt: skip
