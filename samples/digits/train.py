"""Train the digit classifier and write digits.onnx and held_out.npz beside this file.

    pip install torch scikit-learn onnx onnxscript
    python train.py

Building the sample does not need this: both files are in the repository. Training is seeded, so
a second run with the same packages on the same kind of machine writes the same bytes.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import nn

HERE = Path(__file__).resolve().parent
HELD_OUT = 150
EPOCHS = 60


class Classifier(nn.Module):
    """Pixels of 0..16, 1x1x8x8, to ten scores; the greatest is the answer.

    Convolutions without padding: padding would cost a second buffer in RAM.
    """

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 8, 3),  # 8 x 6 x 6
            nn.ReLU(),
            nn.Conv2d(8, 16, 3),  # 16 x 4 x 4
            nn.ReLU(),
            nn.MaxPool2d(2),  # 16 x 2 x 2
            nn.Flatten(),
            nn.Linear(64, 10),
        )

    def forward(self, image):
        return self.layers(image / 16)


def held_out_split():
    """(training images, their labels, held-out images, their labels); uint8, images N x 1 x 8 x 8."""
    digits = load_digits()
    images = digits.images.astype(np.uint8)[:, None]
    labels = digits.target.astype(np.uint8)
    train, held_out, train_labels, held_out_labels = train_test_split(
        images, labels, test_size=HELD_OUT, random_state=0, stratify=labels
    )
    return train, train_labels, held_out, held_out_labels


def train(images, labels):
    """A trained `Classifier`, ready to be evaluated."""
    torch.manual_seed(0)
    torch.set_num_threads(1)  # sums in one order, so that the weights repeat
    model = Classifier()
    images, labels = torch.from_numpy(images).float(), torch.from_numpy(labels).long()
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=1e-2)
    batches = -(-len(images) // 64)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, total_steps=EPOCHS * batches)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(images)).split(64):
            noisy = images[batch] + 2 * torch.randn_like(images[batch])  # few images: make more of them
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(noisy), labels[batch]).backward()
            optimizer.step()
            schedule.step()
    return model.eval()


def export(model, path):
    """Write model to path as ONNX, for one image a call, without the exporter's notes.

    torch records source paths and stack traces; they would change with the machine.
    """
    program = torch.onnx.export(
        model, (torch.zeros(1, 1, 8, 8),), input_names=["image"], output_names=["scores"],
        opset_version=18, dynamo=True, verbose=False,
    )  # fmt: skip
    proto = program.model_proto
    proto.graph.name = "classify"
    proto.producer_version = ""
    for item in [proto, proto.graph, *proto.graph.node, *proto.graph.value_info,
                 *proto.graph.input, *proto.graph.output, *proto.graph.initializer]:  # fmt: skip
        del item.metadata_props[:]
        item.doc_string = ""
    onnx.checker.check_model(proto, full_check=True)
    path.write_bytes(proto.SerializeToString(deterministic=True))


def main():
    images, labels, held_out, held_out_labels = held_out_split()
    model = train(images, labels)
    with torch.no_grad():
        answers = model(torch.from_numpy(held_out).float()).argmax(1).numpy()
    parameters = sum(p.numel() for p in model.parameters())
    print(f"{parameters} parameters; {(answers == held_out_labels).sum()} of {HELD_OUT} held-out digits right")
    export(model, HERE / "digits.onnx")
    # One inference a leading index; the application and `verify` both read these arrays.
    np.savez_compressed(HERE / "held_out.npz", image=held_out[:, None], label=held_out_labels)


if __name__ == "__main__":
    main()
