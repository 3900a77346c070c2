"""Files beside an .onnx that hold its weights, told without the package onnx: a build asks at every start."""

import re
from pathlib import Path

# A StringStringEntryProto of TensorProto.external_data: key (field 1) "location", value (field 2) of less than 128 bytes.
_LOCATION = re.compile(rb"\x0a\x08location\x12([\x01-\x7f])", re.DOTALL)


def files(path):
    """The names, from the folder of the .onnx at path, of the files that hold weights; [] where it cannot be read."""
    try:
        data = Path(path).read_bytes()
    except OSError:
        return []
    found = (data[match.end() : match.end() + match[1][0]] for match in _LOCATION.finditer(data))
    return sorted({name.decode(errors="replace") for name in found if b"\0" not in name})
