"""Dask's scheduler: one that runs somewhere, or one with workers that is started here and ends with the build."""

import atexit
import contextlib
import hashlib
import io
import logging
import re
import signal
import zipfile
from multiprocessing import resource_tracker
from pathlib import Path

from .. import board, packages
from ..errors import BaremetalError
from . import ClusterError

_TIMEOUT = 15  # seconds, for the scheduler to answer, and workers to be there
_INSIDE = Path("site_scons/site_tools/iree_baremetal")  # the package in what is sent
_SCHEMES = ("tcp", "tls", "ws", "wss", "ucx")


def parse(text):
    """How many workers to start here, or the scheduler's address; a `BaremetalError` for what is neither."""
    found = re.fullmatch(r"local:([1-9][0-9]*)", text)
    if found:
        return int(found[1])
    if re.fullmatch(rf"({'|'.join(_SCHEMES)})://\S+", text):
        return text
    raise BaremetalError(
        f"cluster={text}: neither local:N, N workers on this machine, nor a scheduler's address as tcp://host:8786."
    )


def connect(text, top, package, timeout=_TIMEOUT, **how):
    """The `Cluster` that text, the value of cluster=, names; timeout: seconds for its answers; how: for it. `ClusterError` where there is none."""
    where = parse(text)
    try:
        import dask
        import distributed

        from . import client
    except ImportError as error:
        raise BaremetalError(
            f"cluster={text} takes the package distributed. Install: {packages.install('distributed')}"
        ) from error
    for name in logging.root.manager.loggerDict:
        if name.startswith(("distributed", "tornado", "asyncio")):  # what they have to say ends in one message of ours
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    # A worker that stops answering is given up before a build seems to hang.
    dask.config.set(
        {"distributed.comm.timeouts.connect": f"{timeout}s", "distributed.admin.large-graph-warning-threshold": "1GB"}
    )
    try:
        dask_client = (
            _local(distributed, where)
            if isinstance(where, int)
            else distributed.Client(where, timeout=timeout, set_as_default=False)
        )
    except (OSError, TimeoutError, ValueError, RuntimeError, ImportError) as error:
        raise ClusterError(f"cluster={text}: no scheduler answers there: {error}") from error
    atexit.register(_close, dask_client)
    try:
        dask_client.wait_for_workers(1, timeout=timeout)
    except TimeoutError as error:
        raise ClusterError(
            f"cluster={text}: the scheduler has no workers. Start some: dask worker {dask_client.scheduler_info()['address']}"
        ) from error
    return client.Cluster(dask_client, _bring(dask_client, Path(package)), str(top), str(package), **how)


def _bring(dask_client, package):
    """The digest of the package, which all workers of the client get, those that come later, too."""
    import cloudpickle

    from . import bootstrap

    cloudpickle.register_pickle_by_value(bootstrap)  # they need not have it
    content = archive(package)
    digest = hashlib.sha256(content).hexdigest()[:16]
    dask_client.register_plugin(bootstrap.Setup(digest, content, str(_INSIDE)))
    return digest


def attached(dask_client, top, package):
    """The `Cluster` of a client of the caller's; the same for every call."""
    from . import client

    if not hasattr(dask_client, "iree_baremetal"):
        dask_client.iree_baremetal = client.Cluster(dask_client, _bring(dask_client, Path(package)), str(top), str(package))
    return dask_client.iree_baremetal


def _local(distributed, number):
    resource_tracker.ensure_running()  # which, started later, would let signals through again
    # Ctrl-C is for us, and for the tools: threads and processes that are started from here on do not hear it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    cluster = distributed.LocalCluster(
        n_workers=number, threads_per_worker=1, dashboard_address=None, worker_dashboard_address=None, silence_logs=50
    )
    client = distributed.Client(cluster, set_as_default=False)
    client.own = cluster
    return client


def _close(client):
    with contextlib.suppress(Exception):  # the scheduler may be gone
        client.close(timeout=2)
    with contextlib.suppress(Exception):
        client.own.close(timeout=5)


def archive(package):
    """The package and the boards as a .zip, laid out as in a checkout; the same bytes for the same files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as stream:
        for folder, name in ((package, _INSIDE), *((folder, Path("boards")) for folder in board.search_path())):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    stream.writestr(zipfile.ZipInfo(str(name / path.relative_to(folder))), path.read_bytes())
    return made.getvalue()
