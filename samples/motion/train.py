"""Train the motion classifier and write motion_fp32.onnx, motion_int8.onnx and recordings.npz beside this file.

    pip install torch onnx onnxscript onnxruntime
    python train.py

Building the sample does not need this: the files are in the repository. Recordings are made by this
script, training is seeded: a second run with the same packages on the same kind of machine writes
the same bytes.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import nn

HERE = Path(__file__).resolve().parent
CLASSES = ("still", "walking", "running", "stairs", "cycling", "falling")
SAMPLES, RATE = 128, 50  # of each axis; in Hz
COUNTS = 8192  # of the sensor, for 1 g
TRAINING, HELD_OUT, EPOCHS = 1800, 48, 30

# Of each repeated motion: steps a second, then how far (in g) each axis swings at that rate and at twice it.
_RHYTHMS = {
    "walking": ((1.5, 2.2), (0.15, 0.10, 0.25), (0.05, 0.05, 0.30)),
    "running": ((2.4, 3.4), (0.40, 0.30, 0.90), (0.20, 0.10, 0.60)),
    "stairs": ((1.3, 1.9), (0.25, 0.10, 0.35), (0.15, 0.20, 0.10)),
    "cycling": ((0.9, 1.7), (0.25, 0.35, 0.05), (0.05, 0.05, 0.02)),
}


def recording(kind, random):
    """3 x SAMPLES counts (i16) of a body-worn accelerometer of 4 g: gravity, the motion, and noise."""
    time = np.arange(SAMPLES) / RATE
    tilt, turn = random.normal(0, 0.25), random.uniform(-0.4, 0.4)
    gravity = np.array([np.sin(tilt), np.sin(turn) * np.cos(tilt), np.cos(turn) * np.cos(tilt)])
    signal = np.repeat(gravity[:, None], SAMPLES, axis=1)
    if kind in _RHYTHMS:
        (low, high), first, second = _RHYTHMS[kind]
        phase = 2 * np.pi * (random.uniform(low, high) * time + random.uniform())
        strength = random.uniform(0.7, 1.3)
        for axis in range(3):
            late = random.normal(0, 0.3)
            signal[axis] += strength * (first[axis] * np.sin(phase + late) + second[axis] * np.sin(2 * phase + late))
    if kind == "falling":  # weightless, a blow, and lying in another position
        start = random.integers(20, 80)
        blow, lying = start + random.integers(10, 20), random.normal(0, 1, 3)
        signal[:, start:blow] *= random.uniform(0.1, 0.4)
        signal[:, blow:] = (lying / np.linalg.norm(lying))[:, None]
        signal[:, blow : blow + 4] += random.uniform(1.5, 3) * random.choice([-1, 1], (3, 1))
    noisy = signal + random.normal(0, 0.05, signal.shape)
    return np.clip(np.round(noisy * COUNTS), -32768, 32767).astype(np.int16)


def recordings(count, seed):
    """(recordings N x 3 x SAMPLES, i16; their classes), as many of each class as of any other."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % len(CLASSES)
    return np.stack([recording(CLASSES[label], random) for label in labels]), labels


class Attention(nn.Module):
    """Self-attention of one head over the time steps of N x steps x width."""

    def __init__(self, width):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.scale = width**-0.5

    def forward(self, x):
        weights = torch.softmax(self.query(x) @ self.key(x).transpose(1, 2) * self.scale, dim=-1)
        return x + weights @ self.value(x)


class Classifier(nn.Module):
    """1 x 3 x 128 counts of acceleration to six scores: convolutions along time, attention, the mean, a layer."""

    def __init__(self, width=24):
        super().__init__()
        self.convolutions = nn.Sequential(
            nn.Conv1d(3, 16, 5, stride=2, padding=2),  # 16 x 64
            nn.ReLU(),
            nn.Conv1d(16, width, 5, stride=2, padding=2),  # 24 x 32
            nn.ReLU(),
        )
        self.attention = Attention(width)
        self.scores = nn.Linear(width, len(CLASSES))

    def forward(self, acceleration):
        steps = self.convolutions(acceleration / COUNTS).transpose(1, 2)
        return self.scores(self.attention(steps).mean(1))


def train(signals, labels):
    """A trained `Classifier`, ready to be evaluated."""
    torch.manual_seed(0)
    torch.set_num_threads(1)  # sums in one order, so that the weights repeat
    model = Classifier()
    signals, labels = torch.from_numpy(signals).float(), torch.from_numpy(labels)
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=EPOCHS * -(-len(signals) // 32))
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(signals)).split(32):
            noisy = signals[batch] + COUNTS / 10 * torch.randn_like(signals[batch])  # int8 rounds as coarsely
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(noisy), labels[batch]).backward()
            optimizer.step()
            schedule.step()
    return model.eval()


def _without_notes(proto):
    """proto without what tells of the machine: paths, stack traces, versions."""
    proto.producer_name = proto.producer_version = proto.graph.doc_string = ""
    for item in [proto, proto.graph, *proto.graph.node, *proto.graph.value_info,
                 *proto.graph.input, *proto.graph.output, *proto.graph.initializer]:  # fmt: skip
        del item.metadata_props[:]
        item.doc_string = ""
    onnx.checker.check_model(proto, full_check=True)
    return proto.SerializeToString(deterministic=True)


def export(model, path):
    """Write model to path as ONNX, for one recording a call."""
    program = torch.onnx.export(
        model, (torch.zeros(1, 3, SAMPLES),), input_names=["acceleration"], output_names=["scores"],
        opset_version=18, dynamo=True, verbose=False,
    )  # fmt: skip
    proto = program.model_proto
    proto.graph.name = "classify"
    path.write_bytes(_without_notes(proto))


class _Signals(CalibrationDataReader):
    def __init__(self, signals):
        self._calls = iter([{"acceleration": signal[None].astype(np.float32)} for signal in signals])

    def get_next(self):
        return next(self._calls, None)


def quantize(path, target, signals):
    """Write the model at path to target in int8: weights by channel, activations by what signals give."""
    prepared = target.with_suffix(".prepared.onnx")
    quant_pre_process(str(path), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared), str(target), _Signals(signals), quant_format=QuantFormat.QDQ, per_channel=True,
        activation_type=QuantType.QInt8, weight_type=QuantType.QInt8,
    )  # fmt: skip
    prepared.unlink()
    proto = onnx.load(target)
    proto.graph.name = "classify"
    target.write_bytes(_without_notes(proto))


def right(path, signals, labels):
    """How many of signals the model at path classifies as labels says, run by ONNX Runtime."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    answers = [session.run(None, {"acceleration": signal[None].astype(np.float32)})[0].argmax() for signal in signals]
    return int((np.array(answers) == labels).sum())


def main():
    signals, labels = recordings(TRAINING, seed=0)
    held_out, held_out_labels = recordings(HELD_OUT, seed=1)
    model = train(signals, labels)
    export(model, HERE / "motion_fp32.onnx")
    quantize(HERE / "motion_fp32.onnx", HERE / "motion_int8.onnx", signals[:120])
    print(f"{sum(p.numel() for p in model.parameters())} parameters; of {HELD_OUT} held-out recordings right:")
    for kind in ("fp32", "int8"):
        print(kind, right(HERE / f"motion_{kind}.onnx", held_out, held_out_labels))
    # One inference a leading index; the application and `verify` both read these arrays.
    np.savez_compressed(HERE / "recordings.npz", acceleration=held_out[:, None], label=held_out_labels.astype(np.uint8))


if __name__ == "__main__":
    main()
