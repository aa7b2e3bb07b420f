"""Every address of the product, app by app."""

from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView

from notifications import hooks
from optics.health import health
from orders import hooks as payment_hooks
from orders.views import takings
from portal import stand_in
from shipping import hooks as carrier_hooks

handler400 = "core.error_pages.bad_request"
handler403 = "core.error_pages.forbidden"
handler404 = "core.error_pages.not_found"
handler500 = "core.error_pages.server_error"

urlpatterns = [
    path("health/", health, name="health"),
    # The Today board is the first page; who does not receive customers is led on from there.
    path("", include("visits.urls")),
    path("", include("branches.urls_shell")),
    path("", include("branches.urls")),
    # A manager keeps the e-mail addresses; sessions have a page of their own.
    path("accounts/email/", RedirectView.as_view(pattern_name="branches:profile")),
    path("accounts/sessions/", RedirectView.as_view(pattern_name="branches:sessions")),
    path("accounts/", include("allauth.urls")),
    path("customers/", include("customers.urls")),
    path("cases/", include("cases.urls")),
    path("orders/", include("orders.urls")),
    path("lab/", include("labjobs.urls")),
    path("", include("aftersales.urls")),
    path("shipping/", include("shipping.urls")),
    path("messages/", include("notifications.urls")),
    path("measures/", include("reports.urls_measures")),
    path("catalogue/", include("catalogue.urls")),
    path("stock/", include("inventory.urls")),
    path("records/", include("records.urls")),
    path("reports/", include("reports.urls_reporting")),
    path("t/", include("portal.urls")),
    path("hooks/carriers/<slug:adapter>/<uuid:public_id>/", carrier_hooks.carrier, name="hook_carrier"),
    path("hooks/sms/", hooks.sms, name="hook_sms"),
    path("hooks/pay/<slug:adapter>/", payment_hooks.pay, name="hook_pay"),
    path("takings/", takings.show, name="takings"),
    path("pay/stand-in/<str:value>/", stand_in.show, name="stand_in_page"),
    path("prescriptions/", include("prescriptions.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("api/v1/customers/", include("customers.api.urls")),
    path("api/v1/visits/", include("visits.api.urls")),
    path("api/v1/orders/", include("orders.api.urls")),
    path("api/v1/catalogue/", include("catalogue.api.urls")),
    path("api/v1/stock/", include("inventory.api.urls")),
    path("api/v1/prescriptions/", include("prescriptions.api.urls")),
    path("api/v1/jobs/", include("labjobs.api.urls")),
    path("api/v1/shipments/", include("shipping.api.urls")),
]

if settings.ANYMAIL_WEBHOOK_SECRET:
    urlpatterns.append(path("hooks/mail/", include("anymail.urls")))
