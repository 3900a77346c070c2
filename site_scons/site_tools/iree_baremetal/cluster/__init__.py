"""Commands done by Dask's workers on other machines: what a build sends there, and what it gets back.

``parcel.py`` packs a command with the contents of its files; ``place.py`` does it on a worker, in a folder of its
own; ``bootstrap.py`` brings this package to the worker; ``client.py`` sends, waits, and sends again where a worker
failed; ``connection.py`` finds the scheduler, or starts one here; ``versions.py`` says which tools there are.
"""


class ClusterError(Exception):
    """The cluster cannot do it: no scheduler, no workers, other tools there, or all that tried failed.

    Not the fault of what is built, and no result of it.
    """


class Interrupted(ClusterError):
    """The build was interrupted."""
