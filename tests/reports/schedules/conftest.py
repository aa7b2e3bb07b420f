"""Where the schedules of these tests belong, and who else may read them."""

import pytest

from branches.models import User
from branches.roles import Role
from tests import factories
from tests.orders import makers
from tests.orders.makers import Shop


@pytest.fixture
def shop() -> Shop:
    return makers.shop()


@pytest.fixture
def accountant(shop: Shop) -> User:
    return factories.user(Role.ACCOUNTANT, shop.branch)
