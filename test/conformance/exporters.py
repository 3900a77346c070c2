"""Models as frameworks export them, made where a framework is installed; right is what the framework itself answers.

Weights are random, sizes small: it is what the exporters write that is tried.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy


@dataclass(frozen=True)
class Exported:
    """name: of the model and its exporter; needs: modules; make(folder): ([file], [inputs of one call], [outputs])."""

    name: str
    needs: tuple
    make: object

    @property
    def missing(self):
        return [module for module in self.needs if not importlib.util.find_spec(module)]


def _random(*shape):
    return numpy.random.default_rng(1).uniform(-1, 1, shape).astype("f4")


def _torch(name, build, *shape):
    """A module of PyTorch, which build makes, exported by torch.onnx."""

    def make(folder):
        import torch

        torch.manual_seed(1)
        module, x = build(torch).eval(), torch.from_numpy(_random(*shape))
        path = Path(folder) / "net.onnx"
        torch.onnx.export(module, (x,), str(path), dynamo=True, external_data=False, verbose=False)
        with torch.no_grad():
            outputs = module(x)
        outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        return path, [x.numpy()], [output.numpy() for output in outputs]

    return Exported(f"{name}, torch.onnx", ("torch", "onnxscript"), make)


def _mlp(torch):
    nn = torch.nn
    return nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 4), nn.Softmax(-1))


def _cnn(torch):
    nn = torch.nn
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(16, 10),
    )  # fmt: skip


def _mobilenet(torch):
    """MobileNetV2: its inverted residuals, at a tenth of the width and five of its seventeen blocks."""
    nn = torch.nn

    def convolution(inputs, outputs, size, stride=1, groups=1):
        return [
            nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU6(),
        ]

    class Block(nn.Module):
        def __init__(self, inputs, outputs, stride, expand):
            super().__init__()
            inner = inputs * expand
            wide = convolution(inputs, inner, 1) if expand > 1 else []
            deep = convolution(inner, inner, 3, stride, inner)
            self.layers = nn.Sequential(*wide, *deep, nn.Conv2d(inner, outputs, 1, bias=False), nn.BatchNorm2d(outputs))
            self.is_residual = stride == 1 and inputs == outputs

        def forward(self, x):
            return x + self.layers(x) if self.is_residual else self.layers(x)

    blocks = [Block(8, 8, 1, 1), Block(8, 8, 1, 6), Block(8, 16, 2, 6), Block(16, 16, 1, 6), Block(16, 24, 2, 6)]
    end = [*convolution(24, 64, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10)]
    return nn.Sequential(*convolution(3, 8, 3, 2), *blocks, *end)


def _tcn(torch):
    nn = torch.nn

    class Causal(nn.Module):
        def __init__(self, inputs, outputs, dilation):
            super().__init__()
            self.pad, self.layer = 2 * dilation, nn.Conv1d(inputs, outputs, 3, dilation=dilation)

        def forward(self, x):
            return torch.relu(self.layer(nn.functional.pad(x, (self.pad, 0))))

    return nn.Sequential(Causal(3, 8, 1), Causal(8, 8, 2), Causal(8, 8, 4), nn.Flatten(), nn.Linear(8 * 32, 5))


def _recurrent(kind, **given):
    def build(torch):
        class Net(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.layer = getattr(torch.nn, kind)(6, 12, batch_first=True, **given)
                self.end = torch.nn.Linear(24 if given.get("bidirectional") else 12, 4)

            def forward(self, x):
                return self.end(self.layer(x)[0][:, -1])

        return Net()

    return build


def _transformer(torch):
    nn = torch.nn
    layer = nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
    return nn.Sequential(nn.TransformerEncoder(layer, 2, enable_nested_tensor=False), nn.Flatten(), nn.Linear(16 * 8, 4))


def _quantized(kind):
    """The CNN, quantized by ONNX Runtime, which also says what is right."""

    def make(folder):
        import onnxruntime
        from onnxruntime import quantization

        path, (x,), _ = CNN.make(folder)
        target = Path(folder) / "quantized.onnx"
        if kind == "dynamic":
            path, (x,), _ = MLP.make(folder)
            quantization.quantize_dynamic(path, target)
        else:
            name = onnxruntime.InferenceSession(path).get_inputs()[0].name

            class Samples(quantization.CalibrationDataReader):
                left = [{name: x}, {name: -x}, {name: 0.5 * x}]

                def get_next(self):
                    return self.left.pop() if self.left else None

            quantization.quantize_static(path, target, Samples(), quant_format=getattr(quantization.QuantFormat, kind))
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(target, options)
        return target, [x], session.run(None, {session.get_inputs()[0].name: x})

    return Exported(
        f"CNN, ONNX Runtime's {kind}" if kind != "dynamic" else "MLP, ONNX Runtime's dynamic",
        ("torch", "onnxscript", "onnxruntime"),
        make,
    )


def _scikit(name, build, by_default=False):
    """A pipeline of scikit-learn that ends in a classifier, which build makes, by skl2onnx without zipmap.

    by_default: as skl2onnx does it unasked, with a map of probabilities, and of labels that are strings.
    """

    def make(folder):
        import skl2onnx

        x = _random(60, 8)
        labels = (x.sum(axis=1) > 0).astype("i8") + (x[:, 0] > 0.5)
        pipeline = build().fit(x, numpy.array(["low", "middle", "top"])[labels] if by_default else labels)
        options = None if by_default else {id(pipeline[-1]): {"zipmap": False}}
        inputs = [("x", skl2onnx.common.data_types.FloatTensorType([1, 8]))]
        model = skl2onnx.convert_sklearn(pipeline, initial_types=inputs, options=options, target_opset=17)
        path = Path(folder) / "net.onnx"
        path.write_bytes(model.SerializeToString())
        label = pipeline.predict(x[:1])
        number = numpy.searchsorted(pipeline.classes_, label) if by_default else label
        return path, [x[:1]], [number.astype("i8"), pipeline.predict_proba(x[:1]).astype("f4")]

    return Exported(f"{name}, skl2onnx{'' if by_default else ' without zipmap'}", ("sklearn", "skl2onnx"), make)


def _scikit_forest():
    from sklearn import ensemble, pipeline

    return pipeline.make_pipeline(ensemble.RandomForestClassifier(20, random_state=1))


def _scikit_boosted():
    from sklearn import ensemble, pipeline

    return pipeline.make_pipeline(ensemble.GradientBoostingClassifier(n_estimators=10, random_state=1))


def _xgboost(folder):
    import onnxmltools
    import xgboost

    x = _random(60, 8)
    model = xgboost.XGBRegressor(n_estimators=20, max_depth=4).fit(x, x.sum(axis=1))
    inputs = [("x", onnxmltools.convert.common.data_types.FloatTensorType([1, 8]))]
    path = Path(folder) / "net.onnx"
    path.write_bytes(onnxmltools.convert_xgboost(model, initial_types=inputs).SerializeToString())
    return path, [x[:1]], [model.predict(x[:1]).reshape(1, 1)]


def _scikit_mlp():
    from sklearn import neural_network, pipeline

    return pipeline.make_pipeline(neural_network.MLPClassifier((16,), max_iter=50, random_state=1))


def _scikit_linear():
    from sklearn import linear_model, pipeline, preprocessing

    return pipeline.make_pipeline(preprocessing.StandardScaler(), preprocessing.Normalizer(), linear_model.LogisticRegression())


def _keras(folder):
    import os

    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    keras.utils.set_random_seed(1)
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((12, 12, 1), batch_size=1), layers.Conv2D(6, 3, activation="relu"), layers.MaxPooling2D(), layers.DepthwiseConv2D(3),
        layers.BatchNormalization(), layers.Flatten(), layers.Dense(5, activation="softmax"),
    ])  # fmt: skip
    path, x = Path(folder) / "net.onnx", _random(1, 12, 12, 1)
    right = numpy.asarray(model.predict(x, verbose=0))
    model.export(str(path), format="onnx", verbose=False)
    return path, [x], [right]


def _jax(folder):
    import jax
    import jax.export

    weights = [_random(8, 16), _random(16, 3)]

    def net(x):
        return jax.nn.softmax(jax.nn.relu(x @ weights[0]) @ weights[1])

    x, path = _random(1, 8), Path(folder) / "net.mlir"
    path.write_text(str(jax.export.export(jax.jit(net), platforms=["cpu"])(x).mlir_module()))
    return path, [x], [numpy.asarray(net(x))]


MLP, CNN = _torch("MLP", _mlp, 1, 16), _torch("CNN", _cnn, 1, 1, 12, 12)
ALL = (
    MLP,
    CNN,
    _torch("MobileNetV2", _mobilenet, 1, 3, 32, 32),
    _torch("TCN", _tcn, 1, 3, 32),
    _torch("LSTM", _recurrent("LSTM"), 1, 10, 6),
    _torch("bidirectional GRU", _recurrent("GRU", bidirectional=True), 1, 10, 6),
    _torch("transformer", _transformer, 1, 8, 16),
    _quantized("QDQ"),
    _quantized("QOperator"),
    _quantized("dynamic"),
    _scikit("MLP", _scikit_mlp),
    _scikit("scaler, normalizer, logistic regression", _scikit_linear),
    _scikit("random forest", _scikit_forest),
    _scikit("random forest, string labels", _scikit_forest, by_default=True),
    _scikit("boosted trees", _scikit_boosted),
    Exported("boosted trees, XGBoost", ("xgboost", "onnxmltools"), _xgboost),
    Exported("CNN, Keras", ("keras", "torch", "onnxscript"), _keras),
    Exported("MLP, jax.export", ("jax",), _jax),
)
