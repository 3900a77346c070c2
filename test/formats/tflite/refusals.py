"""Cases that LiteRT takes and the importer refuses, with part of its message. All others are imported."""

REFUSED = {
    "DIV-uint8": "it is not supported for elements of type uint8",
}
