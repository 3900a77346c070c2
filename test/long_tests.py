"""A mark for tests that are left out but with IREE_LONG_TESTS set: what others show is the same with less."""

import os

import pytest

LONG = pytest.mark.skipif(not os.environ.get("IREE_LONG_TESTS"), reason="long: set IREE_LONG_TESTS")
