"""Many runs on many processors, or on many machines: python tools/study.py STUDY [--scheduler ADDRESS]

    reproduce_1998    the trainings of 1998: seeds, sizes, variants                           data/reproduction.json
    compare_rivals    every machine of lesson 19, with its seeds and sizes                    data/rivals.json
    compare_changes   the networks between 1998 and today, each with its own scan             data/changes.json
    benchmark         the recipes of tools/peers over seeds: errors, not seconds              data/recipe_errors.json

A study is a list of tasks that need not wait for each other. Dask hands them to workers: processes of this machine,
one for each processor core, or, with --scheduler, those that a Dask scheduler elsewhere knows. A task's result is
written into --folder when it is there, whole and once; what the same program found with the same versions is not done
again, so that a study goes on where it was stopped. A worker that dies loses the task it was at, and another one does
it. When all are done, the study's record is written as the program itself would have written it, times apart. (A rival
that is built on another one trains that too, where no worker has kept it.)

On other machines: clone the course, install its requirements and tools/requirements-benchmark.txt, put MNIST where the
course finds it, then `dask worker ADDRESS --nthreads 1` with the folder tools and the course in PYTHONPATH. Their
versions and their copy of the program must be those of this machine, which the record names; a task that was done with
others counts as failed. With another number of cores, TensorFlow adds in another order: networks with ReLU then come
out a little otherwise.
"""

import argparse
import hashlib
import importlib
import importlib.util
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading

import record as records

COURSE = pathlib.Path(__file__).resolve().parent.parent
STUDIES = {
    "reproduce_1998": "reproduction",
    "compare_rivals": "rivals",
    "compare_changes": "changes",
    "benchmark": "recipe_errors",
}
"""The program, which has `tasks`, `work` and `merge`, and the name of its record."""


def origin(study):
    """What a result depends on beside its task and the machine: the versions, and the text of the program."""
    file = pathlib.Path(importlib.import_module(study).__file__)
    peers = sorted(file.parent.glob("peers/*.py")) if study == "benchmark" else []
    text = b"".join(each.read_bytes() for each in (file, *peers))
    packages = ["numpy", "scikit-learn", *["torch"] * bool(importlib.util.find_spec("torch"))]
    return records.conditions(*packages)["versions"] | {"program": hashlib.sha256(text).hexdigest()[:12]}


def work(study, task):
    """What a worker does: have the task done in a process of its own, and hand on what `answer` writes.

    In the worker itself the networks would not be those of the program alone: Dask draws from Python's random numbers
    beside the task (where it guesses sizes, in dask.sizeof), and from the same numbers Keras takes its seeds.
    """
    environment = os.environ | getattr(importlib.import_module(study), "ENVIRONMENT", {})
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "answer.json"
        code = "import sys, study; study.answer(*sys.argv[1:])"
        command = [sys.executable, "-c", code, study, json.dumps(task), str(path)]
        how = {"text": True, "stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, env=environment, **how) as process:
            said = process.stderr.read()
        if process.returncode == 0:
            return json.loads(path.read_text(encoding="utf-8"))
    if process.returncode < 0:  # it was killed: so is the worker, and Dask gives the task to another
        os.kill(os.getpid(), signal.SIGKILL)
    print(said, file=sys.stderr)
    raise RuntimeError(said.strip().splitlines()[-1])


def answer(study, task, path):
    """Do a task, written as JSON, and write its result, and where that comes from, into a file."""
    # The other end of standard input closes when the worker is gone; then nobody waits for an answer.
    threading.Thread(target=lambda: (os.read(0, 1), os.kill(os.getpid(), signal.SIGKILL)), daemon=True).start()
    task = json.loads(task)
    result = importlib.import_module(study).work(task)
    whole = {"origin": origin(study), "machine": records.MACHINE, "task": task, "result": result}
    pathlib.Path(path).write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")


def place(folder, task):
    """The file of a task's result: a readable beginning, and a number that no other task has."""
    text = json.dumps(task, sort_keys=True)
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]
    return folder / f"{words}-{hashlib.sha256(text.encode()).hexdigest()[:8]}.json"


def done(folder, task, now):
    """What is kept of a task that was done with the versions and the program of now; None if it was not."""
    path = place(folder, task)
    if not path.exists():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    return kept if kept.get("origin") == now else None


def run(study, tasks, folder, client):
    """Have all tasks done that are not; print a line for each.

    Args:
        study: the name of a program with a function `work`.
        tasks: what it is given, one by one: anything that JSON can write.
        folder: where the results are kept.
        client: dask.distributed.Client.

    Returns:
        (results, failed): a list of (task, result), in the order of tasks; and of the tasks that ended with an error.
    """
    from dask.distributed import as_completed

    now = origin(study)
    waiting = [task for task in tasks if done(folder, task, now) is None]
    print(f"{study}: {len(tasks)} tasks, {len(tasks) - len(waiting)} done before.", flush=True)
    # pure=False: a task is known by its number, not by its arguments, and is never taken from another study.
    futures = {client.submit(work, study, task, pure=False): task for task in waiting}
    failed = []
    for number, future in enumerate(as_completed(futures), 1):
        task = futures[future]
        kept = future.result() if future.status == "finished" else {}
        if kept.get("origin") == now:
            records.replace(place(folder, task), json.dumps(kept, ensure_ascii=False))
            print(f"{number} of {len(waiting)}: {task}", flush=True)
        else:
            failed.append(task)
            why = f"done with {kept['origin']}, not {now}" if kept else future.exception()
            print(f"{number} of {len(waiting)}: {task} failed: {why}", file=sys.stderr, flush=True)
    kept = [(task, done(folder, task, now)) for task in tasks]
    return [(task, entry["result"]) for task, entry in kept if entry], failed


def local_cluster(workers):
    """Processes of this machine, one task at a time each; they find the tools and the course as this one does."""
    from dask.distributed import LocalCluster

    places = [str(COURSE / "tools"), str(COURSE), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(places)
    return LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", choices=STUDIES)
    parser.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask scheduler, such as tcp://192.0.2.1:8786")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes on this machine")
    parser.add_argument(
        "--folder", type=pathlib.Path, help="where results are kept; build/study/STUDY if none is named"
    )
    parser.add_argument("--record", type=pathlib.Path, help="the record to write; that in data if none is named")
    arguments = parser.parse_args()
    try:
        from dask.distributed import Client
    except ImportError:
        sys.exit("A study needs Dask: .venv/bin/python -m pip install -r requirements-dev.txt")
    study = arguments.study
    program = importlib.import_module(study)
    folder = arguments.folder or COURSE / "build" / "study" / study
    target = arguments.scheduler or local_cluster(arguments.workers)
    with Client(target) as client:
        results, failed = run(study, program.tasks(), folder, client)
    if not arguments.scheduler:
        target.close()
    if failed:
        sys.exit(f"{len(failed)} tasks failed, and the record is not written; the same command tries them again.")
    program.merge(arguments.record or records.DATA / f"{STUDIES[study]}.json", results)


if __name__ == "__main__":
    main()
