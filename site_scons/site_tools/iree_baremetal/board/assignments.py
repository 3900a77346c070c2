"""Files of plain assignments, in Python's syntax: boards, and what bsp= describes."""

from ..errors import BaremetalError


def read(path, what, at_hand=()):
    """name -> value of the file at path, which may use the names of at_hand.

    what: how messages begin. `BaremetalError` for whatever the file raises: it is the user's.
    """
    values = dict(at_hand)
    try:
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), values)
    except (Exception, SystemExit) as error:
        known = f". At hand are {', '.join(sorted(at_hand))}." if isinstance(error, NameError) and at_hand else ""
        raise BaremetalError(f"{what}: {_line(error, path)}{type(error).__name__}: {error}{known}") from error
    return {name: value for name, value in values.items() if name not in at_hand and not name.startswith("_")}


def _line(error, path):
    """The line of the file where error came about; a syntax error says it itself."""
    found, step = "", error.__traceback__
    while step:
        if step.tb_frame.f_code.co_filename == str(path):
            found = f"line {step.tb_lineno}: "
            break
        step = step.tb_next
    return found
