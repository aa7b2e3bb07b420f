"""What every test shares. Objects are made by the plain functions of `tests/factories.py`."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
        raise pytest.UsageError('No servers: run ./dev test, or eval "$(./dev servers)" before pytest.')
