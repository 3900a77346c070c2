"""A case on a board, in its emulator: built by scons in a copy of the project, its answers judged as on this machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import backend_tests
import judge
import numpy
import onnx
from iree_baremetal.codegen import harness, signature
from iree_baremetal.verify import calls, compare

ROOT = Path(__file__).resolve().parents[2]


class Boards:
    """What to do with a case on one board; found: what this machine made of the cases."""

    def __init__(self, board, found):
        self.board, self.found = board, found

    def __call__(self, case, folder):
        variant = self.found[case.name]["variant"]
        model, inputs = next((m, i) for label, m, i in backend_tests.variants(case) if label == variant)
        project = Path(folder)
        shutil.copy(ROOT / "SConstruct", project)
        for name in ("boards", "samples", "site_scons"):
            (project / name).symlink_to(ROOT / name)
        onnx.save(model, project / "net.onnx")
        numpy.savez(project / "fed.npz", **{v.name: backend_tests.plain(a)[None] for v, a in zip(model.graph.input, inputs)})
        words = [sys.executable, "-B", "-m", "SCons", "-Q", f"board={self.board}", "model=net.onnx", "inputs=fed.npz", "run"]
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(words, cwd=project, capture_output=True, text=True, env={**os.environ, "PATH": path})
        if done.returncode:
            said = done.stdout + done.stderr
            return judge.BROKEN if "Traceback" in said else judge.REFUSED, variant, said
        built = project / "build" / self.board / "own_model"
        functions = signature.read(next(built.rglob("net.plan.json")))
        fed = calls.npz_calls(functions, project / "fed.npz")
        (outputs,) = built.rglob("net_harness/*.run")
        (answer,), *_ = calls.read_outputs(outputs / harness.OUTPUTS, functions, fed)
        right = [backend_tests.plain(array) for array in case.outputs]
        verdict = compare.compare(functions, fed, [answer.outputs], [right], steps=judge.STEPS, engine="right is")
        return judge.WRONG if verdict.worst else judge.RIGHT, variant, str(verdict.worst or "")
