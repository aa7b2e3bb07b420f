"""`GET /health/`: for the start command, load balancers and whoever watches."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.health import examine


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 when everything is well, 503 when a part is down; each part with its figures. No personal data."""
    well, parts = examine()
    return JsonResponse({"ok": well, **parts}, status=200 if well else 503)
