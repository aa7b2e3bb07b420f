import pytest
from django.utils import timezone

from customers.models import Customer
from demo import customers, prescriptions, staff, visits
from prescriptions import rows, selectors
from prescriptions.models import Prescription

pytestmark = pytest.mark.django_db


def test_the_sample_holds_thandis_wrong_axis_confirmed_and_one_of_every_kind_of_source():
    now = timezone.now()
    for part in (staff, customers, visits, prescriptions):
        part.build(now)
    thandi = Customer.objects.get(given_names="Thandi")
    current = selectors.current_for(thandi.pk)
    assert rows.data_of(current).right.axis == 65
    assert [told["code"] for told in current.confirmations] == ["large_change_warning"]
    assert rows.data_of(selectors.before(current)).right.axis == 90
    found = Prescription.objects.all()
    assert set(found.values_list("origin", flat=True)) == {"own_test", "outside", "fhir", "spectacles"}
    assert set(found.values_list("state", flat=True)) == {"draft", "current", "superseded"}
