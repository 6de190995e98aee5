"""Train the network that comes with the course, and record how: python tools/train_lenet5.py

Writes data/lenet5.weights.h5 and its record data/lenet5.json, which `lk.load_lenet5` checks. Needs MNIST. The test
digits are looked at once, after the training. Five to ten minutes on two cores.
"""

import argparse
import dataclasses
import json
import pathlib

import record as records

import lenet_keras as lk

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", default="standard", choices=lk.RECIPES, help="a recipe of lk.RECIPES")
    parser.add_argument("--seed", type=int, default=1, help="of the starting weights and the order of the digits")
    parser.add_argument("--folder", type=pathlib.Path, default=DATA, help="where to put the two files")
    arguments = parser.parse_args()

    keras = lk.start_keras()
    digits = lk.load_digits("mnist")
    keras.utils.set_random_seed(arguments.seed)
    model = lk.lenet5()
    history = lk.train(model, digits, arguments.recipe, seed=arguments.seed)
    result = lk.error_rate(digits.y_test, lk.probabilities(model, digits.x_test).argmax(axis=1))
    print(f"test: {result}")

    record = {
        "command": f"python tools/train_lenet5.py --recipe {arguments.recipe} --seed {arguments.seed}",
        "data": "MNIST: nine tenths of the 60,000 training digits; one tenth for validation",
        "recipe": dataclasses.asdict(lk.RECIPES[arguments.recipe]),
        "seed": arguments.seed,
        "versions": records.versions(),
        "training_error": round(history["error"][-1], 5),
        "validation_error": round(history["validation_error"][-1], 5),
        "test_errors": result.errors,
        "test_digits": result.total,
        "sha256": records.ship(model, lk.lenet5(), arguments.folder / "lenet5.weights.h5"),
    }
    (arguments.folder / "lenet5.json").write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(f"SHA-256 {record['sha256']}")


if __name__ == "__main__":
    main()
