"""Board files: each field missing, of another type, or contradicting another."""

from cases.boards import contradictions, fields, files, others, text
from cases.boards.whole import board

CASES = [
    board("a whole board file", [], works=True),
    *fields.CASES,
    *contradictions.CASES,
    *files.CASES,
    *others.CASES,
    *text.CASES,
]
