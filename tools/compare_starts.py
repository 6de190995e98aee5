"""Train the listing of the slides from Keras's starting weights and from PyTorch's: python tools/compare_starts.py

Three networks: the listing; the listing without the ReLU on its ten outputs; and the network that the slides' text
describes. Each is trained from both kinds of starting weights over seeds, on 10,000 of MNIST's training digits, and
judged on the 6,000 validation digits; the test digits are not looked at. The listing is also started with its ten
output biases at 1, which lifts its outputs above 0 for nearly every digit, and nothing else changed. Recorded in
data/starts.json: the errors, how many digits of each class are read rightly, and how often each output of the fresh
network was 0 for digits of its own class. A run takes about ten seconds on one core, all of them eight minutes. Each
finished run is added to the record at once, and a run that is there already is not made again. Needs MNIST.
"""

import argparse
import dataclasses
import math
import pathlib
import time

import numpy as np
import record as records

import lenet_keras as lk

RECORD = records.DATA / "starts.json"
LEARN = 10_000
# Which digits are judged is chosen here, so that train need keep none back.
RECIPE = lk.Recipe(epochs=4, batch_size=32, optimizer="adam", learning_rate=0.002, decay=True, validate=False)
SEEDS = {
    "the listing": {"Keras": 10, "PyTorch": 10, "Keras, output biases 1": 5, "PyTorch, output biases 1": 5},
    "no ReLU on the outputs": {"Keras": 5, "PyTorch": 5},
    "the slides' text": {"Keras": 5, "PyTorch": 5},
}
"""Networks, kinds of starting weights, and how many seeds each is trained with."""


def network(keras, name):
    """One of the three networks, with Keras's own starting weights."""
    if name == "the slides' text":
        return lk.lenet5()
    model = lk.lenet5_slides()
    if name == "no ReLU on the outputs":
        model.layers[-1].activation = keras.activations.linear  # before it is compiled
    return model


def start_as_pytorch(model, rng):
    """Give every layer the starting weights of PyTorch's: uniform within 1/√(inputs of a unit), biases too."""
    for layer in model.layers:
        if layer.weights:
            kernel, bias = layer.get_weights()
            end = 1 / math.sqrt(kernel[..., 0].size)
            layer.set_weights([rng.uniform(-end, end, kernel.shape), rng.uniform(-end, end, bias.shape)])


def run(keras, name, start, seed, digits):
    """Train and judge one network; what the record keeps of it."""
    learn, validate = lk.split(digits)
    keras.utils.set_random_seed(seed)
    model = network(keras, name)
    if start.startswith("PyTorch"):
        start_as_pytorch(model, np.random.default_rng(seed))
    if start.endswith("output biases 1"):
        model.layers[-1].bias.assign(np.ones(10))
    border = (32 - model.input_shape[1]) // 2
    images = digits.x_train[:, border : 32 - border, border : 32 - border]
    labels = digits.y_train[validate]
    started = time.perf_counter()
    fresh = model.predict(images[validate], batch_size=1000, verbose=0)
    chosen = digits.replace(x_train=images[learn[:LEARN]], y_train=digits.y_train[learn[:LEARN]])
    history = lk.train(model, chosen, RECIPE, seed=seed, verbose=False)
    right = model.predict(images[validate], batch_size=1000, verbose=0).argmax(axis=1) == labels
    return {
        "training_loss": [round(loss, 4) for loss in history["loss"]],
        "validation_errors": int((~right).sum()),
        "right_by_class": np.bincount(labels[right], minlength=10).tolist(),
        "fresh_zeros_by_class": [int((fresh[labels == digit, digit] <= 0).sum()) for digit in range(10)],
        "seconds": round(time.perf_counter() - started, 1),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=pathlib.Path, default=RECORD, help="the file to add to")
    parser.add_argument("--seeds", type=int, default=10, help="fewer, to try things")
    arguments = parser.parse_args()

    keras = lk.start_keras()
    digits = lk.load_digits("mnist")
    labels = digits.y_train[lk.split(digits)[1]]
    runs = records.runs(arguments.record, settings(labels))
    made = {(each["network"], each["start"], each["seed"]) for each in runs}
    for seed in range(arguments.seeds):
        for name in SEEDS:
            for start, seeds in SEEDS[name].items():
                if seed >= seeds or (name, start, seed) in made:
                    continue
                result = run(keras, name, start, seed, digits)
                runs.append({"network": name, "start": start, "seed": seed, **result, **records.conditions()})
                write(arguments.record, runs, labels)
                error = result["validation_errors"] / len(labels)
                print(f"{name}, {start}, seed {seed}: {error:.2%}, {result['seconds']:.0f} s", flush=True)


def settings(labels):
    return {
        "recipe": dataclasses.asdict(RECIPE),
        "training_digits": LEARN,
        "validation_digits": len(labels),
        "validation_digits_by_class": np.bincount(labels, minlength=10).tolist(),
        "seeds": SEEDS,
    }


def write(path, runs, labels):
    data = "MNIST: 10,000 of the 60,000 training digits; judged on the 6,000 validation digits"
    command = "python tools/compare_starts.py"
    records.write(path, {"command": command, "data": data, "settings": settings(labels), "results": runs})


if __name__ == "__main__":
    main()
