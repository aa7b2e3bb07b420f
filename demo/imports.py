"""The sample practice's lists that came in from a file: the card index of the shop's first years."""

from datetime import datetime

from branches.models import Branch
from core.actor import Actor
from customers.models import RowDecision
from customers.services import import_writing, importing
from demo.acting import acting

CARD_INDEX = """Card,First name,Surname,DOB,Cell,E-mail,Recall consent,Consent date,Consent source
117,Maureen,Oosthuizen,17/08/1953,082 555 0171,maureen@post.example,yes,04/02/2024,Card signed in the shop
118,Solomon,Tladi,28/11/1967,083 555 0172,,,,
119,Thandi,Mokoena,04/03/1974,082 555 4417,,,,
120,Gladys,Naude,30/01/1949,555,,,,
"""


def build(now: datetime) -> None:
    """One finished import, last of all people: other parts count on the order in which those before were entered."""
    _import(acting("nomvula", "RSB"), Branch.objects.get(code="RSB"))


def _import(manager: Actor, home: Branch) -> None:
    """The list that came from the card index: two people new, one known already, one whose number nobody can ring."""
    batch = importing.upload(manager, home.pk, "card-index.csv", CARD_INDEX.encode())
    importing.dry_run(manager, batch.pk, batch.columns)
    importing.decide_all(manager, batch.pk, RowDecision.SKIP)
    import_writing.start(manager, batch.pk)
    import_writing.write(manager, batch.pk)
