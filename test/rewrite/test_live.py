"""Rewritten products on emulated boards: their answers are IREE's on the host, bit by bit."""

import sys
from pathlib import Path

import numpy
import pytest
import tiny_models

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "live"))
from conftest import Checkout  # noqa: E402
