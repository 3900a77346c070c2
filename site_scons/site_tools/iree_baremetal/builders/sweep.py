"""Models on boards under options, each built, measured and verified: one table.

    env.IreeSweep(models, boards, grid="optimize=speed,size overlap=0,1")     scons sweep

models are files of models, or folders of them; beside each may be an .npz of its name, which feeds it: its "label" or
"labels" give the accuracy. What fails is a row that says so. All is made in folder, build/sweep where none is given; what is
up to date is not made again, so a sweep that was interrupted goes on.
"""

import itertools
import json
import threading
from functools import partial
from pathlib import Path

import SCons.Errors
from SCons.Environment import Environment

from .. import formats
from ..errors import BaremetalError
from . import environment, options, tune
from . import model as models
from .action import message_action, noted_failure
from .excuses import excuses
from .firmware import emulated
from .harness import program
from .targets import always
from .verify import references


class _Progress:
    """How much is done of what was to do as the sweep began."""

    def __init__(self, total):
        self.done, self.total, self.lock = 0, total, threading.Lock()

    def tell(self, row):
        from ..sweep import table

        with self.lock:
            self.done += 1
            what = (
                row["failed"].splitlines()[0]
                if row["failed"]
                else ", ".join(f"{name} {table.shown_number(row[name], name)}" for name in table.COLUMNS[:4])
            )
            print(
                f"sweep: {self.done} of {max(self.total, self.done)}: {row['model']} on {row['board']}, {row['setting']}: {what}"
            )


def files(env, given):
    """The paths of the models given: files, or folders of such; a UserError where there is none."""
    found = []
    for path in (Path(env.subst(str(node))) for node in env.Flatten([given])):
        if path.is_dir():
            found += sorted(file for file in path.iterdir() if file.suffix in (*formats.IMPORTED, *formats.MLIR))
        elif path.is_file():
            found.append(path)
        else:
            raise SCons.Errors.UserError(f"sweep: models={path}: no such file or folder.")
    if not found:
        raise SCons.Errors.UserError("sweep: no models. Give models=DIR, or models=a.onnx,b.tflite")
    return [path.absolute() for path in found]


def _environment(env, board):
    """An environment for board, by all other options of env."""
    from .. import generate

    names = [*options.variables(), "IREE_PYTHON", "IREE_COMPILE_VERSION", "IREE_BAREMETAL_DIGEST"]
    given = {name: env[name] for name in names if env.get(name) not in (None, "")}
    made = Environment(tools=[], ENV=env["ENV"], IREE_BOARD=board, **given)
    made.Tool(generate)
    if made.get("IREE_CACHE"):
        made.CacheDir(env.Dir("#").Dir(made["IREE_CACHE"]).get_abspath())
    made.Replace(IREE_NOTE_FAILURES=True, IREE_READ_TUNED=False)  # a setting is what the row says
    return made


def _case(env, base, path, setting, board, where, fed, progress):
    """The node of one row, and the model it is of: base, where there is none yet, else that as env's board and setting have it."""
    from ..sweep import grid as grids

    own = env.Clone(**grids.variables(setting))
    environment.check(own)
    name = env.IreeModelName(path)
    folder = where.Dir(f"{name}/{board}/{grids.folder(setting)}")
    own.Replace(IREE_SUPPORTOF=env, IREE_SUPPORTDIR=None)
    if env.get("IREE_SUPPORTDIR") in (None, "."):
        env.Replace(IREE_SUPPORTDIR=where.Dir(f"support/{board}"))
    built = models.variant(own, base, folder) if base else own.IreeModel(env.File(str(path)), name=name, folder=folder)
    base = base or built
    expected = references(emulated(own), base, fed)
    row = {"model": path.name, "board": board, "setting": grids.text(setting)}
    own.Replace(
        IREE_REFERENCES=len(expected), IREE_EXCUSES=partial(excuses, base), IREE_SWEEP_ROW=row, IREE_SWEEP_PROGRESS=progress
    )
    sources = [*program(own, built), built.plan, *expected, *fed]
    action = message_action(
        _measure, "measure $TARGET", ["IREE_BAREMETAL_DIGEST", "IREE_FLAGS", "IREE_REWRITES", "IREE_SWEEP_ROW"]
    )
    return own.Command(folder.File(f"{name}_row.json"), sources, action)[0], base


def _measure(target, source, env):
    row = {**env["IREE_SWEEP_ROW"], **_measured(env, source)}
    Path(target[0].get_abspath()).write_text(json.dumps(row) + "\n")
    env["IREE_SWEEP_PROGRESS"].tell(row)


def _measured(env, source):
    from ..sweep import table

    elf, map_file, plan, *others = source
    expected, npz = others[: env["IREE_REFERENCES"]], others[env["IREE_REFERENCES"] :]
    failed, found = noted_failure([elf, map_file, plan, *expected]), dict.fromkeys(table.COLUMNS)
    if not failed:
        try:
            numbers = tune.numbers_of(env, elf, map_file, plan, expected, npz)
        except BaremetalError as error:
            failed = str(error)
        else:
            found |= {name: numbers.get(name) for name in table.COLUMNS}
            found |= {"instructions": numbers["count"], "flash": numbers["code"] + numbers["weights"]}
            found |= {"ram": numbers["arena"] + numbers["state"] + numbers["stack"], "difference": numbers["difference"]}
    return {"failed": failed or "", **found}


def iree_sweep(env, models, boards, grid="", folder="#build/sweep"):
    """The pseudo-builder env.IreeSweep(models, boards, grid="", folder="#build/sweep"). See the module."""
    from ..sweep import grid as grids
    from ..sweep import page, table

    try:
        settings = grids.parse(grid)
    except BaremetalError as error:
        raise SCons.Errors.UserError(str(error)) from error
    where, paths, boards = env.Dir(folder), files(env, models), list(dict.fromkeys(boards))
    environments = {board: _environment(env, board) for board in boards}
    for board, own in environments.items():
        if own["IREE_BOARD_DATA"].is_host or own["IREE_BOARD_DATA"].vmfb_only:
            raise SCons.Errors.UserError(f"sweep: board {board} counts no instructions; give others.")
    progress, rows = _Progress(0), []
    for path in paths:
        npz = [env.File(str(path.with_suffix(".npz")))] if path.with_suffix(".npz").is_file() else []
        base = None
        for board, setting in itertools.product(boards, settings):
            row, base = _case(environments[board], base, path, setting, board, where, npz, progress)
            rows.append(row)
    progress.total = sum(not row.exists() for row in rows)

    def tell(target, source, env):
        found = table.with_fronts([json.loads(node.get_text_contents()) for node in source])
        title = f"{len(paths)} models on {', '.join(boards)}: {grid or 'as it is'}"
        out = Path(where.get_abspath(), "sweep.json")
        out.write_text(table.as_json(found, compiler=environments[boards[0]].subst("$IREE_COMPILE_VERSION"), grid=grid))
        out.with_suffix(".csv").write_text(table.as_csv(found))
        out.with_suffix(".html").write_text(page.page(title, found))
        print(table.text(found))
        print(f"{where.File('sweep.json')}, .csv, .html")

    return always(env, "sweep", rows, message_action(tell, None))


def add(env):
    """Adds the pseudo-builder to env."""
    env.AddMethod(iree_sweep, "IreeSweep")
