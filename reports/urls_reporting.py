"""Reports, exports and audits. Measures and dashboards have addresses of their own."""

from django.urls import path

from reports.audit import views as audit
from reports.builder import views as builder
from reports.exports import views as exports
from reports.packs import views as packs
from reports.privacy import views as privacy
from reports.reconciling import views as reconciling
from reports.schedules import views as schedules

app_name = "reporting"
urlpatterns = [
    path("", builder.index, name="index"),
    path("new/<slug:key>/", builder.build, name="build"),
    path("ready/<slug:code>/", builder.ready, name="ready"),
    path("saved/<int:pk>/", builder.saved, name="saved"),
    path("saved/<int:pk>/remove/", builder.remove, name="remove"),
    path("saved/<int:pk>/schedule/", schedules.new, name="schedule_new"),
    path("schedules/", schedules.index, name="schedules"),
    path("schedules/<int:pk>/", schedules.show, name="schedule"),
    path("schedules/<int:pk>/change/", schedules.change, name="schedule_change"),
    path("schedules/<int:pk>/pause/", schedules.pause, name="schedule_pause"),
    path("schedules/<int:pk>/resume/", schedules.resume, name="schedule_resume"),
    path("schedules/<int:pk>/send/", schedules.send, name="schedule_send"),
    path("schedules/<int:pk>/leave/", schedules.leave, name="schedule_leave"),
    path("schedules/<int:pk>/remove/", schedules.remove, name="schedule_remove"),
    path("save/", builder.save, name="save"),
    path("audit/", audit.index, name="audits"),
    path("reconciliation/", reconciling.index, name="reconciliation"),
    path("reconciliation/run/", reconciling.run, name="reconcile"),
    path("audit/<slug:code>/", audit.report, name="audit"),
    path("privacy/", privacy.index, name="privacy"),
    path("privacy/wishes/<int:pk>/decide/", privacy.decide, name="privacy_decide"),
    path("privacy/<str:number>/", privacy.show, name="privacy_customer"),
    path("privacy/<str:number>/copy/", privacy.copy, name="privacy_copy"),
    path("privacy/<str:number>/restrict/", privacy.restrict, name="privacy_restrict"),
    path("packs/", packs.index, name="packs"),
    path("packs/<int:pk>/", packs.show, name="pack"),
    path("packs/<int:pk>/file.<slug:kind>", packs.file, name="pack_file"),
    path("packs/<int:pk>/retry/", packs.retry, name="pack_retry"),
    path("exports/", exports.index, name="exports"),
    path("exports/new/", exports.new, name="export_new"),
    path("exports/list/<slug:key>/", exports.of_list, name="export_list"),
    path("exports/<uuid:public_id>/", exports.show, name="export"),
    path("exports/<uuid:public_id>/file/", exports.file, name="export_file"),
    path("exports/<uuid:public_id>/cancel/", exports.cancel, name="export_cancel"),
    path("exports/<uuid:public_id>/again/", exports.again, name="export_again"),
    path("exports/<uuid:public_id>/retry/", exports.retry, name="export_retry"),
    path("exports/<uuid:public_id>/approve/", exports.approve, name="export_approve"),
    path("exports/<uuid:public_id>/refuse/", exports.refuse, name="export_refuse"),
]
