"""How the API refuses: the same sentences, codes and fields as the pages, as JSON."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import DomainError, StaleRecord


def refusal(error: Exception, context: dict[str, Any]) -> Response | None:
    """For REST_FRAMEWORK["EXCEPTION_HANDLER"]: `detail`, `code`, and where known `fields`, `missing`, `current_version`, `clashes`."""
    if not isinstance(error, DomainError):
        return exception_handler(error, context)
    told: dict[str, Any] = {"detail": error.message, "code": error.code}
    if error.fields:
        told["fields"] = error.fields
    if error.missing:
        told["missing"] = [vars(one) | {"message": str(one.message)} for one in error.missing]
    if isinstance(error, StaleRecord):
        told["current_version"] = error.current_version
        told["clashes"] = [
            {"field": one.field, "label": one.label, "stored": one.theirs, "sent": one.yours} for one in error.clashes
        ]
    response = Response(told, status=error.status)
    if error.status == 503:
        response["Retry-After"] = "2"
    return response


def required(params: Any, name: str) -> str:
    """A query parameter that must be given. Raises DomainError naming it."""
    value = str(params.get(name, "")).strip()
    if not value:
        raise DomainError(
            _("Give the parameter “%(name)s”.") % {"name": name},
            code="parameter_missing",
            fields={name: _("Required.")},
        )
    return value
