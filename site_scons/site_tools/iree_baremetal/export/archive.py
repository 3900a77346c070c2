"""Archives whose bytes depend on their contents alone."""

import io
import zipfile

_FIRST = (1980, 1, 1, 0, 0, 0)  # the earliest time that a .zip can tell
_UNIX, _FILE = 3, 0o100644


def zipped(contents):
    """The bytes of a .zip of contents, path -> bytes: sorted, with fixed times and modes."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for path in sorted(contents):
            entry = zipfile.ZipInfo(path, _FIRST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = _UNIX, _FILE << 16
            file.writestr(entry, contents[path])
    return result.getvalue()
