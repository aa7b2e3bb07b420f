from django.urls import path

from notifications.views import held_up, log, recall, texts

app_name = "messages"

urlpatterns = [
    path("", log.log, name="log"),
    path("order/<str:number>/problem/", held_up.tell, name="held_up"),
    path("recall/", recall.index, name="recall"),
    path("recall/send/", recall.send, name="recall_send"),
    path("recall/rules/", recall.rules, name="recall_rules"),
    path("recall/automatic/", recall.plan, name="recall_plan"),
    path("rules/", texts.rules, name="rules"),
    path("rules/<str:key>/<str:channel>/<str:state>/", texts.switch, name="switch"),
    path("texts/<str:key>/<str:language>/mail/", texts.sample_mail, name="sample_mail"),
    path("texts/<str:key>/<str:channel>/<str:language>/", texts.edit, name="text"),
    path("<int:pk>/", log.message, name="message"),
    path("<int:pk>/html/", log.html, name="html"),
    path("<int:pk>/resend/", log.resend, name="resend"),
    path("<int:pk>/by/<str:channel>/", log.send_by, name="send_by"),
    path("<int:pk>/close/", log.close, name="close"),
]
