"""What a worker gets by value, as it need not have this package: how to get it, and how to use it.

Nothing here may name other modules of the package but inside `Setup.setup`: on the worker this one stands alone.
"""

import importlib.util
import io
import os
import sys
import tempfile
import zipfile
from pathlib import Path

from distributed import WorkerPlugin, get_worker


class Setup(WorkerPlugin):
    """Brings the package to a worker, beside those of other clients, which may be other versions of it.

    digest: of the package; archive: its files, zipped; package: the package's path in there.
    """

    def __init__(self, digest, archive, package):
        self.name, self.digest, self.archive, self.package = f"iree-baremetal-{digest}", digest, archive, package

    def setup(self, worker):
        folder = Path(worker.local_directory, self.name)
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=worker.local_directory) as part:
                zipfile.ZipFile(io.BytesIO(self.archive)).extractall(part)
                os.rename(part, folder)
                os.mkdir(part)
        name = self.name.replace("-", "_")
        if name not in sys.modules:
            init = folder / self.package / "__init__.py"
            spec = importlib.util.spec_from_file_location(name, init, submodule_search_locations=[str(init.parent)])
            assert spec and spec.loader, init
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
        place = importlib.import_module(f"{name}.cluster.place")
        worker.__dict__.setdefault("iree_baremetal", {})[self.digest] = place.Place(folder, folder / self.package)


def tasks():
    """(perform, refused): functions that are sent by value, as they are no module's."""

    def perform(digest, parcel):
        """Does the parcel's command on this worker: `Place.perform`."""
        worker = get_worker()
        return {**worker.__dict__["iree_baremetal"][digest].perform(parcel), "worker": worker.address}

    def refused(digest, wanted, dask_worker):
        """What is wrong with the tools of this worker: `Place.refused`."""
        return dask_worker.iree_baremetal[digest].refused(wanted)

    return perform, refused
