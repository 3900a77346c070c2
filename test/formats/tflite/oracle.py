"""What LiteRT's reference kernels answer, each model in a process of its own: they can crash.

python oracle.py FOLDER    answers each FOLDER/NAME.tflite fed FOLDER/NAME.pickle, in FOLDER/NAME.answer
"""

import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Answer:
    """outputs: a list of arrays for each call; shapes: of all tensors. Or error: what went wrong, in words."""

    outputs: list
    shapes: list
    error: str = ""


def ask(folder, nets):
    """{name: `Answer`} of nets, {name: (net, calls, whether optimized kernels answer)}; resolves their shapes."""
    folder.mkdir()
    for name, (net, calls, optimized) in nets.items():
        (folder / f"{name}.tflite").write_bytes(net.bytes())
        (folder / f"{name}.pickle").write_bytes(pickle.dumps((net.inputs, net.outputs, calls, optimized)))
    subprocess.run([sys.executable, __file__, folder], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    answers = {}
    for name, (net, *_) in nets.items():
        file = folder / f"{name}.answer"
        answers[name] = Answer(*pickle.loads(file.read_bytes())) if file.is_file() else Answer([], [], "LiteRT crashed")
        net.resolve(answers[name].shapes)
    return answers


def _answer(model, inputs, outputs, calls, optimized):
    from ai_edge_litert.interpreter import OpResolverType

    try:
        kernels = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES if optimized else OpResolverType.BUILTIN_REF
        interpreter = _interpreter(model, kernels)
    except ValueError as error:
        if "Didn't find op" not in str(error):
            raise
        # CEIL, ELU and ROUND are not among the reference kernels; these have the same code.
        interpreter = _interpreter(model, OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
    results = []
    for call in calls:
        for number, array in zip(inputs, call):
            interpreter.set_tensor(number, array)
        interpreter.invoke()
        results.append([interpreter.get_tensor(number).copy() for number in outputs])
    shapes = [[int(n) for n in t["shape"]] for t in sorted(interpreter.get_tensor_details(), key=lambda t: t["index"])]
    for number, array in zip(outputs, results[0]):
        shapes[number] = list(array.shape)
    return results, shapes


def _interpreter(model, kernels):
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(
        model_content=model, experimental_op_resolver_type=kernels, num_threads=1, experimental_preserve_all_tensors=True
    )
    interpreter.allocate_tensors()
    return interpreter


def _main(folder):
    import ai_edge_litert.interpreter  # noqa: F401 - once, for all the processes that are forked here

    for model in sorted(folder.glob("*.tflite")):
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            continue
        try:
            answer = _answer(model.read_bytes(), *pickle.loads(model.with_suffix(".pickle").read_bytes()))
        except (ValueError, RuntimeError) as error:
            answer = [], [], f"LiteRT says: {error}"
        model.with_suffix(".answer").write_bytes(pickle.dumps(answer))
        os._exit(0)


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
