"""Lets the tests import the tool's package as SCons does: from site_tools."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "site_scons" / "site_tools"))
