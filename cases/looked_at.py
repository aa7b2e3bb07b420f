"""The address that shows a case; whom it is about, `orders` tells: a case may know its order alone."""

from cases.models import Case
from records import looks

looks.shown(Case, "number", "cases/<str:number>/")
