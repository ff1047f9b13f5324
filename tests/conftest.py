"""Shared promises tell as much of a failure as tests do."""

import pytest

pytest.register_assert_rewrite("tests.contract", "tests.journeys.providers")
