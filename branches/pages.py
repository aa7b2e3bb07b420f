"""The door of every staff view: signed in, in a branch, with a role that reaches it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect

from branches import access
from branches.middleware import StaffRequest
from core.views import is_fragment

P = ParamSpec("P")
StaffView = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff_page(permission: str = "", *, needs_branch: bool = True) -> Callable[[StaffView[P]], View[P]]:
    """Wrap a view for staff. Anonymous: log-in. No branch: the page that says whom to ask. Role too small: 403.

    What lies outside the person's branches is the selector's business (404). Pages are never kept by a shared cache.
    """

    def wrap(view: StaffView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_log_in(request)
            staff = cast(StaffRequest, request)
            if needs_branch and not staff.branches:
                return redirect("branches:none")
            if permission:
                access.require(staff.actor, permission, staff.actor.branch_id)
            response = view(staff, *args, **kwargs)
            patch_cache_control(response, private=True, no_store=True)
            return response

        return guarded

    return wrap


def _to_log_in(request: HttpRequest) -> HttpResponse:
    if is_fragment(request):
        return HttpResponseClientRedirect(request.headers.get("HX-Current-URL", "/"))
    return redirect_to_login(request.get_full_path())
