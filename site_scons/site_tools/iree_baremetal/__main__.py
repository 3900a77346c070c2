"""Makes the folder runnable, installed or not: ``python <folder> COMMAND``."""

import sys
from pathlib import Path

if not __package__:  # run as a folder: its parent is not on the path, and its modules must not shadow others
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from iree_baremetal.cli import main

sys.exit(main())
