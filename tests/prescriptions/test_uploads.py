"""Documents of any content through the import page, both its steps: taken whole or refused in words."""

import base64
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prescriptions.models import Prescription
from tests.prescriptions.exchange.documents import CONTACTS, SPECTACLES
from tests.prescriptions.test_api import JSON

pytestmark = pytest.mark.django_db
SOME = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(data=st.data())
@SOME
def test_any_document_is_shown_or_refused_and_saves_nothing_by_itself(browser, thandi, data):
    document = json.loads(json.dumps(data.draw(st.sampled_from([SPECTACLES, CONTACTS]))))
    target = data.draw(st.sampled_from([document, *document["lensSpecification"]]))
    target[data.draw(st.sampled_from([*target, "extension", "new"]))] = data.draw(JSON)
    url = reverse("prescriptions:import", args=[thandi.number])
    content = json.dumps(document).encode()
    answer = browser.post(url, {"file": SimpleUploadedFile("rx.json", content)})
    assert answer.status_code in {200, 422}
    second = browser.post(url, {"document": base64.b64encode(content).decode(), "do": "sign"})
    assert second.status_code in {303, 422}
    assert Prescription.objects.filter(state="draft").count() == 0


@given(content=st.binary(min_size=1, max_size=200))
@SOME
def test_any_bytes_are_refused_in_words(browser, thandi, content):
    answer = browser.post(
        reverse("prescriptions:import", args=[thandi.number]), {"file": SimpleUploadedFile("x", content)}
    )
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not Prescription.objects.exists()
