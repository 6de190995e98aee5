"""How good and how quick the course's network is, beside what people would use instead: python tools/benchmark.py

    reach         seconds to 99.0 % on MNIST's test digits, from pixels in memory, compiling included, five seeds
    epoch         seconds of one epoch of the 61,706-parameter network, seven ways, and the machine's limit
    predict       seconds for one digit and for ten thousand
    growth        seconds a digit, and peak memory, from 7,500 to 600,000 distorted digits
    course        seconds and peak memory of each lesson, and of the import

Names behind the command choose parts; without, all are measured. The record data/benchmarks.json is written after each
part, and the README's table from it. Each way is a process of its own, so that none slows another down by the threads
and memory that it keeps; the ways of a part take turns, and the median of the rounds counts. One round warms up; what
it takes longer is told as compiling. Needs MNIST, and for all ways tools/requirements-benchmark.txt.
"""

import argparse
import importlib.util
import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import elsewhere
import numpy as np
import record as records

FOLDER = pathlib.Path(__file__).parent
RECORD = records.DATA / "benchmarks.json"
PEERS = ("course", "one_epoch", "keras_convnet", "pytorch_basic", "d2l_lenet")
SEEDS, GOAL = 5, 0.01
ROUNDS_OF = {"epoch": 10, "predict": 20, "growth": 5, "import": 5}
BATCH, RATE = 128, 0.002
SIZES = (7_500, 15_000, 60_000, 600_000)
PROGRAMS = ("node",)
"""What ways need besides packages of Python."""
PACKAGES = ("torch", "jax", "onnxruntime", "onnx", "tf2onnx", "ai-edge-litert")
TIMES = 10
"""The pad reads so many times fewer digits than ten thousand, and its seconds are multiplied."""


def digits():
    """MNIST's digits, without the line that says so: standard output belongs to the answers."""
    import lenet_keras as lk

    pixels = lk.data.find("mnist")[0]
    return pixels.replace(x_train=lk.normalise(pixels.x_train), x_test=lk.normalise(pixels.x_test))


# ------------------------------------------------------------------------------------------------- ways, each a process


def keras_fit(network, images, labels, updates=1, xla=False):
    """Returns a function that trains a network of Keras for one epoch."""
    import keras

    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(RATE), loss, steps_per_execution=updates, jit_compile=xla or "auto")
    return lambda: network.fit(images, labels, batch_size=BATCH, shuffle=False, verbose=0)


def training_digits():
    data = digits()
    return data.x_train, data.y_train


def plain_fit():
    import lenet_keras as lk

    return keras_fit(lk.lenet5(), *training_digits())


def lk_train():
    """Each call of lk.train compiles anew: of the first call the first epoch is told, of later ones the second.

    It ends where the third begins.
    """
    import lenet_keras as lk

    data, network, starts = digits(), lk.lenet5(), []
    recipe = lk.Recipe(epochs=3, batch_size=BATCH, learning_rate=RATE, validate=False)

    def noted(images, labels, _):
        starts.append(time.perf_counter())
        return images, labels

    def epoch():
        lk.train(network, data, recipe, fresh=noted, verbose=False)
        first, second, third = starts[-3:]
        return third - second if len(starts) > 3 else second - first

    return epoch


def fast_fit():
    import lenet_keras as lk

    return keras_fit(lk.fast.lenet5(), *training_digits(), updates=lk.training.UPDATES_A_CALL)


def fast_fit_under_xla():
    import lenet_keras as lk

    images, labels = training_digits()
    return keras_fit(lk.fast.lenet5(), images, labels, updates=-(-len(labels) // BATCH), xla=True)


def keras_on_jax():
    """The course's package needs TensorFlow, so that another process hands over the network and the digits."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "for_jax.npz"
        subprocess.run([sys.executable, __file__, "--hand-over", str(path)], check=True, stdout=subprocess.DEVNULL)
        with np.load(path) as handed:
            text, images, labels = str(handed["network"]), handed["images"], handed["labels"]
    os.environ["KERAS_BACKEND"] = "jax"
    import keras

    return keras_fit(keras.models.model_from_json(text), images, labels)


def hand_over(path):
    import lenet_keras as lk

    images, labels = training_digits()
    np.savez(path, network=lk.lenet5().to_json(), images=images, labels=labels)


def pytorch(compiled=False):
    import torch
    from torch import nn

    network, data = torch_lenet5(), digits()
    run = torch.compile(network) if compiled else network
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    images, labels = (
        torch.from_numpy(data.x_train).permute(0, 3, 1, 2).contiguous(),
        torch.from_numpy(data.y_train).long(),
    )

    def epoch():
        for start in range(0, len(images), BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(run(images[start : start + BATCH]), labels[start : start + BATCH]).backward()
            optimizer.step()

    return epoch


def torch_lenet5():
    """The 61,706-parameter network, with the weights that the course ships."""
    import torch
    from torch import nn

    import lenet_keras as lk

    network = nn.Sequential(
        *(nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2)),
        *(nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)),
    )
    for place, array in zip(network.parameters(), shipped(lk).get_weights(), strict=True):
        order = {4: (3, 2, 0, 1), 2: (1, 0), 1: (0,)}[array.ndim]
        place.data = torch.from_numpy(np.ascontiguousarray(array.transpose(order)))
    return network


def pytorch_compiled():
    return pytorch(compiled=True)


def shipped(lk):
    network = lk.lenet5()
    network.load_weights(records.DATA / "lenet5.weights.h5")
    return network


def answering(function):
    """A way to answer, given one digit or ten thousand."""
    data = digits().x_test
    return {"one": lambda: function(data[:1]), "all": lambda: function(data)}


def keras_predict():
    import lenet_keras as lk

    network = shipped(lk)
    return answering(lambda images: network.predict(images, batch_size=1000, verbose=0))


def keras_call():
    import lenet_keras as lk

    keras = lk.start_keras()
    network = shipped(lk)
    return answering(lambda images: keras.ops.convert_to_numpy(network(images)))


def fast_predict():
    import lenet_keras as lk

    network = lk.fast.copy_weights(shipped(lk), lk.fast.lenet5())
    return answering(lambda images: network.predict(images, batch_size=1000, verbose=0))


def pytorch_call():
    import torch

    network = torch_lenet5().eval()

    def answers(images):
        with torch.inference_mode():
            return network(torch.from_numpy(images).permute(0, 3, 1, 2)).numpy()

    return answering(answers)


def onnx_runtime():
    import lenet_keras as lk

    return answering(elsewhere.onnx(shipped(lk))[0])


def litert():
    import lenet_keras as lk

    return answering(elsewhere.litert(shipped(lk), threads=os.cpu_count())[0])


def pad():
    """The pad's JavaScript, run by Node.js, which answers the lines itself."""
    import lenet_keras as lk

    images = digits().x_test
    fewer = images[: len(images) // TIMES]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(pad_command(pathlib.Path(folder), shipped(lk), fewer, TIMES), check=True)


def pad_command(folder, network, images, times):
    """Write a network as the pad has it, and images, into a folder; the command that reads them."""
    from lenet_keras.pages.export import export_network

    (folder / "network.json").write_text(json.dumps(export_network(network)), encoding="utf-8")
    (folder / "images.f32").write_bytes(np.asarray(images, "<f4").tobytes())
    return ["node", str(FOLDER / "pad.js"), str(folder), str(times)]


def growth(size):
    """An epoch on so many digits, made as they are needed: MNIST's again and again, distorted each time."""
    import lenet_keras as lk

    keras, data = lk.start_keras(), digits()
    import train

    class Streamed(keras.utils.PyDataset):
        def __init__(self, size):
            super().__init__()
            self.size = size

        def __len__(self):
            return -(-self.size // BATCH)

        def __getitem__(self, number):
            rows = np.arange(number * BATCH, min((number + 1) * BATCH, self.size)) % len(data.y_train)
            return lk.distort.distorted(data.x_train[rows], [0, number], train.RANGES), data.y_train[rows]

    network, loss = lk.fast.lenet5(), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(RATE), loss)

    def epoch(size):
        return lambda: network.fit(Streamed(size), shuffle=False, verbose=0)

    return {"warm up": epoch(SIZES[0]), "epoch": epoch(size)}


EPOCH = {
    "plain_fit": (plain_fit, "Keras, plain fit", []),
    "lk_train": (lk_train, "lk.train, a further epoch", []),
    "fast_fit": (fast_fit, "lk.fast, fit, 20 updates a call", []),
    "fast_fit_under_xla": (fast_fit_under_xla, "lk.fast, fit under XLA, an epoch a call", []),
    "pytorch": (pytorch, "PyTorch", ["torch"]),
    "pytorch_compiled": (pytorch_compiled, "PyTorch, compiled", ["torch"]),
    "keras_on_jax": (keras_on_jax, "Keras on JAX, plain fit", ["jax"]),
}
PREDICT = {
    "keras_predict": (keras_predict, "Keras, predict", []),
    "keras_call": (keras_call, "Keras, the network called", []),
    "fast_predict": (fast_predict, "lk.fast, predict", []),
    "pytorch_call": (pytorch_call, "PyTorch", ["torch"]),
    "onnx_runtime": (onnx_runtime, "ONNX Runtime", ["onnxruntime", "tf2onnx"]),
    "litert": (litert, "LiteRT", ["ai_edge_litert"]),
    "pad": (pad, f"the pad's JavaScript, in Node.js ({10_000 // TIMES:,} digits, times {TIMES})", ["node"]),
}
GROWTH = {f"growth_{size}": (lambda size=size: growth(size), f"{size:,} digits", []) for size in SIZES}
WAYS = EPOCH | PREDICT | GROWTH


def serve(name):
    """What a way's own process does: on each line that asks, do it once, and answer with seconds and peak memory.

    A way may tell its seconds itself.
    """
    made = WAYS[name][0]
    if name != "keras_on_jax":
        import lenet_keras as lk

        lk.start_keras()
    do = made()
    if do is None:
        return  # it has answered all lines
    calls = do if isinstance(do, dict) else {"": do}
    print("ready", flush=True)
    for line in sys.stdin:
        call = calls[line.strip()]
        started = time.perf_counter()
        told = call()
        seconds = told if isinstance(told, float) else time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print("answer", json.dumps({"seconds": seconds, "peak_MB": round(peak)}), flush=True)


class Way:
    """A way's process, seen from the program."""

    def __init__(self, name):
        command = [sys.executable, __file__, "--serve", name]
        self.name = name
        self.process = subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._read("ready")

    def __call__(self, what=""):
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        return json.loads(self._read("answer"))

    def _read(self, word):
        for line in self.process.stdout:
            if line.startswith(word):  # libraries print lines of their own
                return line.removeprefix(word)
        raise RuntimeError(f"The way {self.name} ended with status {self.process.wait()}; its message stands above.")

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def missing(needs):
    """Packages and programs that are not installed."""
    return [each for each in needs if not (shutil.which(each) if each in PROGRAMS else importlib.util.find_spec(each))]


def in_turns(ways, whats=("",), rounds=5):
    """Answers of each way, round by round; the first, which warms up, apart.

    Returns:
        dict: name -> {what: {"first": seconds, "seconds": [seconds], "peak_MB": megabytes}}.
    """
    found, running = {}, {}
    for name, (_, title, packages) in ways.items():
        if lacking := missing(packages):
            print(f"{title}: left out, since {', '.join(lacking)} is not installed.", flush=True)
        else:
            running[name] = Way(name)
    try:
        for number in range(rounds + 1):
            for name, way in running.items():
                for what in whats:
                    answer = way(what)
                    entry = found.setdefault(name, {}).setdefault(what, {"first": answer["seconds"], "seconds": []})
                    entry["peak_MB"] = answer["peak_MB"]
                    if number:
                        entry["seconds"].append(answer["seconds"])
    finally:
        for way in running.values():
            way.close()
    return found


def summary(entry):
    middle = statistics.median(entry["seconds"])
    return {
        "seconds": rounded(middle),
        "compiling": rounded(max(0, entry["first"] - middle)),
        "peak_MB": entry["peak_MB"],
    }


def rounded(seconds):
    """Three digits that count."""
    return float(f"{seconds:.3g}")


# ------------------------------------------------------------------------------------------------------------ the parts


def reach():
    """Each recipe with each seed, in turns, in a process of its own: what a user waits for."""
    found = {}
    for seed in range(SEEDS):
        for name in PEERS:
            if lacking := missing(peer(name).PACKAGES):
                if not seed:
                    print(f"{peer(name).NAME}: left out, since {', '.join(lacking)} is not installed.", flush=True)
                continue
            curve = curve_of(name, seed)
            found.setdefault(name, []).append(curve)
            print(
                f"{peer(name).NAME}, seed {seed}: {curve['seconds'][-1]:.1f} s, {curve['errors'][-1]} errors",
                flush=True,
            )
    return {name: reached(peer(name), curves) for name, curves in found.items()}


def curve_of(name, seed):
    """What `train_peer` finds, in a process of its own."""
    command = [sys.executable, __file__, "--peer", name, "--seed", str(seed)]
    output = subprocess.run(command, text=True, stdout=subprocess.PIPE, check=True).stdout
    return json.loads(output.splitlines()[-1])


def peer(name):
    return importlib.import_module(f"peers.{name}")


def reached(recipe, curves):
    """Where the mean error of the seeds first came to 1.0 %, and after how many seconds."""
    length = min(len(curve["errors"]) for curve in curves)
    means = [statistics.mean(curve["errors"][epoch] for curve in curves) / 10_000 for epoch in range(length)]
    epoch = next((number for number, error in enumerate(means) if error <= GOAL), None)
    at = length - 1 if epoch is None else epoch
    return {
        "name": recipe.NAME,
        "source": recipe.SOURCE,
        "parameters": recipe.PARAMETERS,
        "reached": epoch is not None,
        "epochs": recipe.EPOCHS if length == 1 else at + 1,  # a recipe whose end alone is judged has one entry
        "seconds": rounded(statistics.mean(curve["seconds"][at] for curve in curves)),
        "test_error": round(means[at], 5),
        "test_errors": [curve["errors"][at] for curve in curves],
    }


def train_peer(name, seed):
    """The seconds of training so far, and the errors on the test digits, after each epoch, until 1.0 % is passed.

    Two epochs more follow, so that the mean over seeds is known where some are late; judging is not timed.
    """
    import lenet_keras as lk

    data, recipe = lk.data.find("mnist")[0], peer(name)
    importlib.import_module("torch" if "torch" in recipe.PACKAGES else "tensorflow")  # starting it is not training
    seconds, errors, spent, more = [], [], 0.0, 3
    started = time.perf_counter()
    for answers in recipe.epochs(data.x_train, data.y_train, seed):
        spent += time.perf_counter() - started
        errors.append(int((answers(data.x_test) != data.y_test).sum()))
        seconds.append(spent)
        more -= errors[-1] <= GOAL * len(data.y_test)
        if not more:
            break
        started = time.perf_counter()
    print(json.dumps({"seconds": seconds, "errors": errors}))


def tasks():
    """For tools/study.py: every recipe with every seed. Their errors; seconds would not be those of a quiet machine."""
    return [[name, seed] for name in PEERS if not missing(peer(name).PACKAGES) for seed in range(SEEDS)]


def work(task):
    """The errors of one of them on the test digits, after each epoch."""
    return curve_of(*task)["errors"]


def merge(path, results):
    """Write the record; results is a list of (task, what work gave)."""
    found = [{"recipe": name, "seed": seed, "test_errors": errors} for (name, seed), errors in results]
    head = records.head("python tools/study.py benchmark", "MNIST", {"seeds": SEEDS, "goal": GOAL}, "numpy")
    records.write(path, head | {"results": found})


def epoch():
    found = in_turns(EPOCH, rounds=ROUNDS_OF["epoch"])
    results = {name: {"name": EPOCH[name][1], **summary(entry[""])} for name, entry in found.items()}
    results["limit"] = {"name": "the machine's limit", "seconds": rounded(limit()), "compiling": 0.0, "peak_MB": 0}
    return with_ratios(results, "pytorch")


def limit():
    """Seconds of an epoch if all its products of two numbers went as quickly as in a large product of matrices.

    Each link costs one forward and two backward: for the gradient of its weight and that of its input.
    """
    import lenet_keras as lk

    side, links = 2048, lk.anatomy(lk.lenet5()).macs  # of one forward pass, without the biases' and poolings' sums
    left, right = (np.random.default_rng(seed).normal(size=(side, side)).astype("float32") for seed in (0, 1))
    best = records.best_of({"product": (lambda: left @ right, 1)}, 10)["product"]
    return 3 * links * 60_000 * best / side**3


def with_ratios(results, reference):
    if reference in results:
        for entry in results.values():
            entry["ratio"] = round(entry["seconds"] / results[reference]["seconds"], 2)
    return results


def predict():
    found = in_turns(PREDICT, ("one", "all"), ROUNDS_OF["predict"])
    results = {
        name: {"name": PREDICT[name][1]} | {what: summary(entry) for what, entry in whats.items()}
        for name, whats in found.items()
    }
    if "pad" in results:
        results["pad"]["node"] = subprocess.check_output(["node", "--version"], text=True).strip()
    return results


def grow():
    found = in_turns(GROWTH, ("warm up", "epoch"), ROUNDS_OF["growth"])
    results = {}
    for size, (name, way) in zip(SIZES, GROWTH.items(), strict=True):
        entry = found[name]["epoch"]
        seconds = statistics.median(entry["seconds"])
        results[name] = {
            "name": way[1],
            "microseconds_a_digit": round(1e6 * seconds / size, 1),
            "seconds": rounded(seconds),
            "peak_MB": entry["peak_MB"],
        }
    return results


def course():
    import notebooks

    results = {"import": {"name": "import lenet_keras", "seconds": rounded(import_seconds()), "peak_MB": 0}}
    for path in sorted((FOLDER.parent / "notebooks").glob("*.ipynb")):
        seconds, peak = notebooks.cost(path)
        results[path.stem] = {"name": path.stem, "seconds": rounded(seconds), "peak_MB": round(peak)}
        print(path.stem, results[path.stem], flush=True)
    return results


def import_seconds():
    code = "import time; t = time.perf_counter(); import lenet_keras; print(time.perf_counter() - t)"
    return statistics.median(
        float(subprocess.check_output([sys.executable, "-c", code], text=True)) for _ in range(ROUNDS_OF["import"])
    )


PARTS = {"reach": reach, "epoch": epoch, "predict": predict, "growth": grow, "course": course}


# ----------------------------------------------------------------------------------------------------- table, record

TABLE = re.compile(r"(<!-- benchmark -->\n).*?(<!-- end of benchmark -->)", re.S)


def table(results):
    """The record as Markdown tables, for the README."""
    lines = []
    if part := results.get("reach"):
        lines += [
            "| to 99.0 % on the test digits | parameters | epochs | seconds | times ours | error |",
            "|---|--:|--:|--:|--:|--:|",
        ]
        for entry in part.values():
            seconds = f"{entry['seconds']:.1f}" if entry["reached"] else f"not in {entry['seconds']:.1f}"
            ratio = f"{entry['seconds'] / part['course']['seconds']:.1f}"
            figures = f"{entry['epochs']} | {seconds} | {ratio} | {100 * entry['test_error']:.2f} %"
            lines.append(f"| {entry['name']} | {entry['parameters']:,} | {figures} |")
        lines.append("")
    if part := results.get("epoch"):
        lines += [
            "| an epoch of the tanh network | seconds | of PyTorch's | the first longer by, s |",
            "|---|--:|--:|--:|",
        ]
        for entry in part.values():
            lines.append(
                f"| {entry['name']} | {entry['seconds']:.2f} | {entry.get('ratio', '')} | {entry['compiling']:.1f} |"
            )
        lines.append("")
    if part := results.get("predict"):
        lines += ["| answers | one digit, ms | 10,000 digits, s |", "|---|--:|--:|"]
        for entry in part.values():
            lines.append(f"| {entry['name']} | {1000 * entry['one']['seconds']:.2f} | {entry['all']['seconds']:.3f} |")
        lines.append("")
    if part := results.get("growth"):
        lines += [
            "| an epoch of lk.fast on distorted digits, streamed | microseconds a digit | peak memory, MB |",
            "|---|--:|--:|",
        ]
        for entry in part.values():
            lines.append(f"| {entry['name']} | {entry['microseconds_a_digit']:.1f} | {entry['peak_MB']:,} |")
    return "\n".join(lines).strip()


def write_readme(results):
    path = FOLDER.parent / "README.md"
    text = path.read_text(encoding="utf-8")
    replaced = TABLE.sub(lambda found: f"{found[1]}\n{table(results)}\n\n{found[2]}", text)
    if replaced != text:
        records.replace(path, replaced)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all, if none is named")
    parser.add_argument("--folder", type=pathlib.Path, default=records.DATA, help="where to put the record")
    parser.add_argument("--serve", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--hand-over", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        return serve(arguments.serve)
    if arguments.hand_over:
        return hand_over(arguments.hand_over)
    if arguments.peer:
        return train_peer(arguments.peer, arguments.seed)
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    path = arguments.folder / RECORD.name
    before = records.read(path)
    results = before["results"] if before else {}
    for name in arguments.parts or PARTS:
        print(f"== {name}", flush=True)
        load, started = os.getloadavg()[0], time.perf_counter()
        packages = [package for package in PACKAGES if not missing([package.replace("-", "_")])]
        measured = PARTS[name]()
        conditions = records.conditions("numpy", *packages) | {"load_before": round(load, 1)}
        results[name] = {**conditions, "took": round(time.perf_counter() - started), "measured": measured}
        settings = {"batch": BATCH, "rounds": ROUNDS_OF, "seeds": SEEDS, "goal": GOAL}
        record = {"command": "python tools/benchmark.py", "data": "MNIST", "settings": settings, "results": results}
        records.write(path, record)
    shown = {name: part["measured"] for name, part in results.items()}
    print(table(shown))
    if arguments.folder == records.DATA:
        write_readme(shown)


if __name__ == "__main__":
    main()
