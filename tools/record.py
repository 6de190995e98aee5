"""What the programs that write records into data/ share; on its own it writes the cards: python tools/record.py

Every record has one form, which `check` holds it to:

    command    the command line that makes it again
    data       what was learned from and judged on
    versions   of Python, TensorFlow and Keras, and of what else the results depend on
    machine    the processor's kind and its number of cores
    settings   what was chosen, by name
    results    what came out
    sha256     of the weights that belong to it, if there are any

Where results were made at different times, each of them has its own versions and machine, and the record has none.
The cards in data/README.md are tables made from records, each between two markers.
"""

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import time

from lenet_keras.records import DATA

MACHINE = f"{platform.machine()}, {os.cpu_count()} processor cores"
CONDITIONS = {"versions": dict, "machine": str}
FORM = {"command": str, "data": str, **CONDITIONS, "settings": dict, "results": (dict, list), "sha256": str}
WIDTH = 160


def conditions(*packages):
    """The versions and the machine that a result may depend on; further packages may be named."""
    versions = {name: importlib.metadata.version(name) for name in ("tensorflow", "keras", *packages)}
    return {"versions": {"python": platform.python_version(), **versions}, "machine": MACHINE}


def head(command, data, settings, *packages):
    """The beginning of a record whose results are all made now."""
    return {"command": command, "data": data, **conditions(*packages), "settings": settings}


def check(record):
    """Refuse a record of another form.

    Raises:
        ValueError: with the first fault found.
    """
    if missing := {"command", "data", "settings", "results"} - set(record):
        raise ValueError(f"The record lacks {', '.join(sorted(missing))}.")
    if unknown := set(record) - set(FORM):
        raise ValueError(f"A record has no entry {', '.join(sorted(unknown))}.")
    for key, value in record.items():
        if not isinstance(value, FORM[key]) or (not value and key != "settings"):
            raise ValueError(f"The record's {key} cannot be {value!r}.")
    results = record["results"]
    several = list(results.values()) if isinstance(results, dict) else results
    conditioned = [record] if set(CONDITIONS) & set(record) else several
    if not all(isinstance(each, dict) and set(CONDITIONS) <= set(each) for each in conditioned):
        raise ValueError("Versions and machine belong to the record, or to each of its results.")


def read(path):
    """A record that was written before, checked; None if there is none."""
    if not path.exists():
        return None
    record = json.loads(path.read_text(encoding="utf-8"))
    check(record)
    return record


def runs(path, settings, several=None):
    """The results of a record that need not be made again; a new list if there is no such record.

    They were made with the same settings and, where the record has one machine and versions for all, on the same ones.

    Args:
        path: of the record.
        settings: those of now.
        several: the name of those settings of which each result depends on one alone: the one named in its "setting".
    """
    record = read(path)
    if not record or any(record[key] != value for key, value in conditions().items() if key in record):
        return []
    before, now = record["settings"], json.loads(json.dumps(settings))  # as the record writes them
    was, becomes = (each.pop(several, {}) for each in (before, now))
    if before != now:
        return []
    kept = {name for name, how in was.items() if becomes.get(name) == how}
    return [each for each in record["results"] if not several or each["setting"] in kept]


def write(path, record):
    """Check a record and write it, whole or not at all."""
    check(record)
    ordered = {key: record[key] for key in FORM if key in record}
    replace(path, layout(ordered) + "\n")


def replace(path, text):
    """Write a text beside its place, then move it there: a kill at any moment leaves a whole file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def layout(value, indent=0, name=""):
    """JSON with a line for what fits into one, and for every list of numbers or texts; the rest is indented."""
    line = name + json.dumps(value, ensure_ascii=False)
    plain = isinstance(value, list) and not any(isinstance(each, (dict, list)) for each in value)
    if not isinstance(value, (dict, list)) or plain or indent + len(line) <= WIDTH:
        return line
    if isinstance(value, dict):
        lines = [
            layout(each, indent + 1, f"{json.dumps(str(key), ensure_ascii=False)}: ") for key, each in value.items()
        ]
    else:
        lines = [layout(each, indent + 1) for each in value]
    opened, closed = "{}" if isinstance(value, dict) else "[]"
    inside = ",\n".join(" " * (indent + 1) + each for each in lines)
    return f"{name}{opened}\n{inside}\n{' ' * indent}{closed}"


def ship(model, fresh, path):
    """Store a trained model's weights through a fresh network like it, and return the SHA-256 of the file.

    A network that was never compiled has no optimiser whose state would be stored too.
    """
    fresh.set_weights(model.get_weights())
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save_weights(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def best_of(ways, rounds, clock=None):
    """Seconds of one call of each way, in the best of the rounds, by name.

    The ways take turns, since other programs disturb all of them; a first round, which may compile, does not count.

    Args:
        ways: name -> (function without arguments, how often it is called in a round).
        rounds: how many.
        clock: time.perf_counter if None; time.process_time counts what all cores of this program work, and leaves out
            what it waits for others.
    """
    best, clock = dict.fromkeys(ways, float("inf")), clock or time.perf_counter
    for number in range(rounds + 1):
        for name, (call, repeats) in ways.items():
            started = clock()
            for _ in range(repeats):
                call()
            if number:
                best[name] = min(best[name], (clock() - started) / repeats)
    return best


# ---------------------------------------------------------------------------------------------------------- cards

CARDS = DATA / "README.md"
CARD = re.compile(r"(<!-- card of (\w+)\.json -->\n).*?(<!-- end of card -->)", re.S)
NAMES = {
    "adam": "Adam",
    "sgd": "stochastic gradient descent",
    "python": "Python",
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "training_error": "error in training, average of the last epoch",
    "validation_error": "error on the validation digits",
    "window_error": "error on {validation_windows:,} windows of validation digits",
    "test_errors": "error on the {test_digits:,} test digits",
}
MISSED = "targets missed in training, average of the last epoch"


def with_cards(text):
    """A text with every card between its markers written anew from its record."""
    return CARD.sub(lambda found: f"{found[1]}\n{card(read(DATA / f'{found[2]}.json'))}\n\n{found[3]}", text)


def card(record):
    """What a record says of a training, as a Markdown table; its curves and seconds are left out."""
    settings, results = dict(record["settings"]), record["results"]
    guide = settings.pop("teacher", None)
    rows = {"command": f"`{record['command']}`", "data": record["data"], "recipe": _recipe(settings.pop("recipe"))}
    rows |= {key.replace("_", " "): _plain(value) for key, value in settings.items()}
    if guide:
        wrong = f"{100 * guide['validation_error']:.2f} % of the validation digits wrong"
        rows["teacher"] = f"{guide['parameters']:,} parameters; {_recipe(guide['recipe'])}; {wrong}"
    rows["versions"], rows["machine"] = _plain(record["versions"]), record["machine"]
    for key in (key for key in NAMES if key in results):
        share = results[key] / results["test_digits"] if key == "test_errors" else results[key]
        name = MISSED if guide and key == "training_error" else NAMES[key]
        rows[name.format(**results)] = f"{100 * share:.2f} %"
    if seeds := results.get("seeds"):
        shares = [errors / results["test_digits"] for errors in seeds["test_errors"]]
        each = ", ".join(f"{100 * share:.2f}" for share in shares)
        rows[f"the same of seeds 1 to {len(shares)}"] = f"{each} %; mean {100 * sum(shares) / len(shares):.3f} %"
    if "sha256" in record:
        rows["SHA-256 of the weights"] = f"`{record['sha256']}`"
    return "\n".join(["| | |", "|---|---|", *(f"| {key} | {value} |" for key, value in rows.items())])


def _plain(value):
    if isinstance(value, dict):
        return ", ".join(f"{NAMES.get(key, key)} {each}" for key, each in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)


def _recipe(recipe):
    """A recipe in words; `lk.Recipe` says what its entries mean."""
    epochs, up = recipe["epochs"], recipe["warm_up"]
    rate = f"learning rate {recipe['learning_rate']}"
    if up:
        rate = f"learning rate up from 0 to {recipe['learning_rate']} in {up} epoch{'s' * (up > 1)}, then"
    if recipe["decay"]:
        rate += " falling to 0 along half a cosine"
    return f"{epochs} epochs, {recipe['batch_size']} digits an update, {NAMES[recipe['optimizer']]}, {rate}"


def main():
    replace(CARDS, with_cards(CARDS.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
