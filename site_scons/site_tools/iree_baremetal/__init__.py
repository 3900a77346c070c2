"""SCons tool: machine-learning models on bare-metal boards with IREE.

    variables = Variables("custom.py", ARGUMENTS)
    env = Environment(tools=[("iree_baremetal", {"variables": variables})], ENV=os.environ)
    model = env.IreeModel("digits.onnx")
    firmware = env.IreeFirmware("digits", ["main.c", model])
    env.IreeRun(firmware)

Or, for one board and without options: ``Environment(tools=["iree_baremetal"], IREE_BOARD="stm32f4")``.
Where the environment has a C compiler of the caller's, the tool leaves compiler and flags alone.

Builders, each described in its module: builders/compile.py (IreeImport, IreeVmfb, IreeStaticLibrary), runtime.py (IreeRuntime),
model.py (IreeModel), firmware.py (IreeFirmware), data.py (IreeData), embed.py (IreeEmbedData), targets.py (IreeRun, IreeSize),
harness.py (IreeAnswers), bench.py (IreeBench), verify.py (IreeVerify), tune.py (IreeTune), sweep.py (IreeSweep), export.py (IreeExport),
device.py (IreeDebug, IreeFlash), editors.py (IreeCompileCommands, IreeEditors).
"""

__version__ = "0.2.0"


def _digest():
    """What generated files depend on beside their sources: the code that generates them."""
    import hashlib
    from pathlib import Path

    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        if path.parent.name != "builders":
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _require_packages():
    """A UserError where the Python that runs SCons lacks what the tool imports."""
    import sys

    from SCons.Errors import UserError

    from . import packages

    if sys.platform == "win32":
        raise UserError(
            "iree_baremetal runs on Linux and macOS; on Windows, in WSL 2: wsl --install, then the same commands there."
        )
    missing, reasons = packages.lacking()
    if missing:
        raise UserError(
            f"iree_baremetal: the Python that runs SCons lacks {' and '.join(reasons)}. Install: {packages.install(*missing)}"
        )


def generate(env, variables=None, board=None, **unknown):
    """Adds the builders to env, for the board of ``board``, IREE_BOARD or the option of that name."""
    import os

    from SCons.Subst import Literal

    _require_packages()
    from .builders import (
        bench,
        boards,
        cluster,
        compile,
        data,
        device,
        editors,
        embed,
        environment,
        export,
        firmware,
        harness,
        loading,
        model,
        options,
        paths,
        quantization_cost,
        running,
        signatures,
        sweep,
        targets,
        toolchain,
        tune,
        verify,
        vmfb,
    )

    variables, board = loading.arguments(env, generate, variables, board, unknown)
    if "IREE_BOARD_DATA" in env:  # loaded once more, as in env.Clone(tools=["iree_baremetal"])
        return environment.check(env, board)
    signatures.add()
    here = os.path.dirname(os.path.abspath(__file__))
    # A literal: the path may hold blanks.
    if board:
        env["IREE_BOARD"] = board
    env.SetDefault(IREE_BOARD="host", IREE_DEPLOY="direct", IREE_BAREMETAL=Literal(here), IREE_BAREMETAL_DIGEST=_digest())
    if variables is not None:
        options.add(env, variables, board)
        env.AddMethod(lambda env: options.help_text(env, variables), "IreeHelp")
    cluster.add(env)
    loaded = environment.load_board(env)
    toolchain.add(env, loaded)
    environment.shorten_output(env)
    paths.add(env)
    compile.add(env)
    model.add(env)
    firmware.add(env)
    data.add(env)
    embed.add(env)
    running.add(env)
    targets.add(env)
    harness.add(env)
    bench.add(env)
    quantization_cost.add(env)
    verify.add(env)
    tune.add(env)
    sweep.add(env)
    export.add(env)
    device.add(env)
    editors.add(env)
    boards.add(env)
    if loaded.vmfb_only:
        vmfb.add(env)


def measure(model, board="stm32f4", inputs=None, client=None, timeout=900, **options):
    """What model costs on board, from Python: `measurement.measure`."""
    from . import measurement

    return measurement.measure(model, board, inputs, client, timeout, **options)


def exists(env):
    """iree-compile is looked for when a model first needs it, with a message of its own."""
    return True
