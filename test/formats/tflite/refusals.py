"""Cases that LiteRT takes and the importer refuses, with part of its message. All others are imported."""

REFUSED = {}
