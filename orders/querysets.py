"""Small filters of orders that chain. They know states by value, since models import them."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from branches.scope import Scope

OPEN = ["draft", "quoted", "approved", "confirmed", "in_production", "ready", "shipped"]


class OrderQuerySet(models.QuerySet[Any]):
    def visible_to(self, scope: Scope) -> "OrderQuerySet":
        """Sold, made or collected in one of the scope's branches."""
        if scope.everything:
            return self
        here = scope.branch_ids
        return self.filter(Q(branch_id__in=here) | Q(collect_branch_id__in=here) | Q(made_branch_id__in=here))

    def open(self) -> "OrderQuerySet":
        """Said the way the partial index says it, so that years of finished orders cost nothing."""
        return self.filter(state__in=OPEN)

    def promised(self) -> "OrderQuerySet":
        """Agreed and not handed over yet."""
        return self.filter(state__in=["confirmed", "in_production", "ready", "shipped"])

    def late(self, today: date) -> "OrderQuerySet":
        """Behind the promise. An order that is ready is no longer late: it waits for its owner."""
        return self.filter(state__in=["confirmed", "in_production", "shipped"], promised_on__lt=today)

    def due(self, day: date) -> "OrderQuerySet":
        return self.promised().filter(promised_on=day)
