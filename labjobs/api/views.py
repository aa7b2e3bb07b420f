"""The API of the laboratory, version 1: the same verbs, rights and refusals as the pages."""

from typing import Any, cast

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from branches import access
from branches.middleware import StaffRequest
from branches.roles import Can
from branches.scope import Scope
from core.actor import Actor
from core.paging import by_key
from labjobs import states
from labjobs.api import serializers
from labjobs.exchange import statuses
from labjobs.models import Job
from labjobs.selectors.finding import job_of, jobs_for
from labjobs.services import jobs, labfiles, tickets

STATE = OpenApiParameter("state", OpenApiTypes.STR, description="One state, or `open` (the default) or `all`.")
LAB = OpenApiParameter("lab", OpenApiTypes.STR, description="The laboratory's code.")
AFTER = OpenApiParameter("after", OpenApiTypes.STR, description="`next` of the page before.")


def _actor(request: Request, permission: str = Can.VIEW_JOBS) -> Actor:
    """The person behind the session, refused where the role does not reach."""
    actor = cast(StaffRequest, request._request).actor
    access.require(actor, permission, actor.branch_id)
    return actor


def _job(request: Request, number: str) -> Job:
    return job_of(Scope.of(_actor(request)), number)


def _shown(job: Job) -> Response:
    found = Job.objects.select_related("order", "branch", "lab", "tray", "remake_of").get(pk=job.pk)
    return Response(serializers.JobSerializer(found).data)


class JobList(APIView):
    """Jobs of the person's branches, the newest first, by pages of a key."""

    @extend_schema(parameters=[STATE, LAB, AFTER], responses=serializers.JobSerializer(many=True))
    def get(self, request: Request) -> Response:
        actor = _actor(request)
        found = jobs_for(Scope.of(actor)).select_related("order", "branch", "lab", "tray", "remake_of")
        wanted = request.query_params.get("state", "open")
        if wanted == "open":
            found = found.filter(state__in=[state.value for state in states.OPEN])
        elif wanted != "all":
            found = found.filter(state=wanted)
        if lab := request.query_params.get("lab"):
            found = found.filter(lab__code=lab)
        page = by_key(found, request.query_params.get("after", ""), ("-id",))
        rows: list[Any] = [serializers.JobSerializer(row).data for row in page.rows]
        return Response({"results": rows, "next": page.next_key})


class JobDetail(APIView):
    """One job by its number."""

    @extend_schema(responses=serializers.JobSerializer)
    def get(self, request: Request, number: str) -> Response:
        return _shown(_job(request, number))


class Advance(APIView):
    """One stage further, or to a named stage."""

    @extend_schema(request=serializers.MoveSerializer, responses=serializers.JobSerializer)
    def post(self, request: Request, number: str) -> Response:
        job = _job(request, number)
        sent = serializers.MoveSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        stage, reason = sent.validated_data["stage"], sent.validated_data["reason"]
        actor = _actor(request)
        moved = jobs.move(actor, job.pk, stage, reason, "api") if stage else jobs.advance(actor, job.pk, "api")
        return _shown(moved)


class Status(APIView):
    """What an outside laboratory says, in its own code; what it means is the laboratory's table."""

    @extend_schema(request=serializers.StatusSerializer, responses=serializers.JobSerializer)
    def post(self, request: Request, number: str) -> Response:
        job = _job(request, number)
        sent = serializers.StatusSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        table = labfiles.profile_of(job.lab).status_table()
        said = statuses.understood(table, sent.validated_data["code"], sent.validated_data["text"])
        labfiles.apply_status(_actor(request), job.pk, said)
        return _shown(job)


class Ticket(APIView):
    """The ticket as PDF; 202 while a worker makes it, then ask again."""

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY, 202: OpenApiTypes.OBJECT})
    def get(self, request: Request, number: str) -> HttpResponseBase:
        actor = _actor(request, Can.VIEW_PRESCRIPTIONS)
        asked = tickets.ask(actor, _job(request, number), "a6")
        if not asked.is_ready:
            return Response({"status": "being made"}, status=202, headers={"Retry-After": "2"})
        return FileResponse(asked.file.open("rb"), content_type="application/pdf", filename=f"{number}.pdf")


class OrderFile(APIView):
    """The order as a file by the laboratory's profile."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, number: str) -> HttpResponse:
        _actor(request, Can.VIEW_PRESCRIPTIONS)
        file = labfiles.order_of(_job(request, number))
        answer = HttpResponse(file.content, content_type="application/octet-stream")
        answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return answer
