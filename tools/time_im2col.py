"""Time LeNet-5's convolutions written in four ways, and one update: python tools/time_im2col.py

The functions are those of notebook 14 itself: their definitions are read from its cells. The ways take turns, and
the best round of each counts, since other programs disturb all of them. NumPy's products of matrices use one core, as
in the notebook: for matrices as small as these a second one mostly waits. Keras may use all. Writes
data/im2col_times.json. Compare the ratios: the microseconds are those of one machine.
"""

import ast
import json
import pathlib
import time

import nbformat
import numpy as np
import record as records
from threadpoolctl import threadpool_limits

import lenet_keras as lk

COURSE = pathlib.Path(__file__).resolve().parent.parent
NOTEBOOK = COURSE / "notebooks" / "14_from_scratch.ipynb"
RECORD = COURSE / "data" / "im2col_times.json"
LAYERS = {"C1": (32, 1, 6), "C3": (14, 6, 16), "C5": (5, 16, 120)}  # side, maps in, maps out
BATCH = 64
UPDATE_BATCHES = (16, 128)
ROUNDS = 15


def definitions():
    """The functions and the tables in capitals that notebook 14 defines, by name."""
    names = {"np": np}
    for cell in nbformat.read(NOTEBOOK, as_version=4).cells:
        if cell.cell_type == "code":
            for node in ast.parse(cell.source).body:
                table = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").isupper()
                if isinstance(node, ast.FunctionDef) or (table and len(node.targets[0].id) > 1):
                    exec(compile(ast.Module([node], []), NOTEBOOK.name, "exec"), names)
    return names


def ways(notebook):
    """The four ways to convolve maps (n, side, side, maps) with a kernel and a bias, by name."""
    keras = lk.start_keras()
    import tensorflow

    return {
        "loops": notebook["conv_by_loops"],
        "windows": notebook["conv_by_windows"],
        "im2col": notebook["conv_forward"],
        "Keras": tensorflow.function(lambda x, kernel, bias: keras.ops.conv(x, kernel) + bias),
    }


def best_times(calls, rounds=ROUNDS):
    """Seconds of the best round of each call, by name; the first call, which may compile, does not count."""
    best = {}
    for number in range(rounds + 1):
        for name, (call, repeats) in calls.items():
            started = time.perf_counter()
            for _ in range(repeats):
                call()
            if number:
                best[name] = min(best.get(name, float("inf")), (time.perf_counter() - started) / repeats)
    return best


def updates(notebook, batch):
    """One update on a batch, by the notebook with 64-bit and 32-bit numbers, and by Keras with 32-bit ones."""
    keras = lk.start_keras()
    digits = lk.load_digits()
    images, labels = digits.x_train[:batch], digits.y_train[:batch]
    model = lk.load_lenet5()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.SGD(0.01), loss=loss)
    calls = {}
    for kind, name in (("float64", "NumPy, 64 bits"), ("float32", "NumPy, 32 bits")):
        arrays = {layer: model.get_layer(layer).get_weights() for layer in notebook["SHAPES"]}
        weights = {layer: [array.astype(kind) for array in both] for layer, both in arrays.items()}
        arguments = (weights, images.astype(kind), labels, np.float32(0.01))
        calls[name] = (lambda arguments=arguments: notebook["update"](*arguments)), 20
    calls["Keras, 32 bits"] = (lambda: model.train_on_batch(images, labels)), 20
    return calls


def main():
    keras, notebook, rng = lk.start_keras(), definitions(), np.random.default_rng(0)
    microseconds = {}
    for layer, (side, maps_in, maps_out) in LAYERS.items():
        shapes = (BATCH, side, side, maps_in), (5, 5, maps_in, maps_out), (maps_out,)
        arrays = [rng.normal(size=shape).astype("float32") for shape in shapes]
        calls = {}
        for name, way in ways(notebook).items():
            given = [keras.ops.convert_to_tensor(array) for array in arrays] if name == "Keras" else arrays
            calls[name] = (lambda way=way, given=given: way(*given)), 1 if name == "loops" else 10
        best = best_times(calls)
        microseconds[layer] = {name: round(1e6 * seconds / BATCH, 1) for name, seconds in best.items()}
        print(f"{layer}, microseconds for an image:", microseconds[layer])
    update = {}
    for batch in UPDATE_BATCHES:
        best = best_times(updates(notebook, batch))
        update[batch] = {name: round(1e3 * seconds, 2) for name, seconds in best.items()}
        print(f"update on {batch} digits, milliseconds:", update[batch])
    record = {
        "command": "python tools/time_im2col.py",
        "conditions": f"best of {ROUNDS} rounds; NumPy's matrix products on one core; {records.MACHINE}",
        "versions": records.versions() | {"numpy": np.__version__},
        "batch": BATCH,
        "microseconds": microseconds,
        "update_milliseconds": update,
    }
    records.write(RECORD, json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    with threadpool_limits(1):
        main()
