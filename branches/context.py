"""What every staff page's shell shows: organisation, branch, who is signed in."""

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    return {
        "branch": getattr(request, "branch", None),
        "branches": getattr(request, "branches", []),
        "actor": getattr(request, "actor", None),
    }
