from django.urls import path

from notifications.views import log

app_name = "messages"

urlpatterns = [
    path("", log.log, name="log"),
    path("<int:pk>/", log.message, name="message"),
    path("<int:pk>/html/", log.html, name="html"),
    path("<int:pk>/resend/", log.resend, name="resend"),
    path("<int:pk>/by/<str:channel>/", log.send_by, name="send_by"),
    path("<int:pk>/close/", log.close, name="close"),
]
