"""Shorthand for the operations that rewritten kernels consist of, at the current insertion point."""

from .arrays import *  # noqa: F403
from .control import *  # noqa: F403
from .machine import *  # noqa: F403
from .values import *  # noqa: F403
