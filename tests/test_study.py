"""tools/study.py: tasks on Dask, a killed worker, and records that are those of one process."""

import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time

import compare_changes
import compare_rivals
import pytest
import reproduce_1998
import study
from course_files import needs_mnist

import lenet_keras as lk

distributed = pytest.importorskip("dask.distributed", reason="Dask is not installed: requirements-dev.txt names it.")


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setenv("TOY_STUDY", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(pathlib.Path(__file__).parent))
    cluster = study.local_cluster(2)
    with distributed.Client(cluster) as client:
        yield client
    cluster.close()


def begun(folder):
    path = folder / "begun.txt"
    return [tuple(map(int, line.split())) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.mark.parametrize("place", [1, 2], ids=["the task's process", "the worker"])
def test_a_killed_worker_loses_one_task_and_another_does_it(client, tmp_path, place):
    """And a study that is begun again does only what is not done."""

    def kill():
        while not begun(tmp_path):
            time.sleep(0.02)
        os.kill(begun(tmp_path)[0][place], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    results, failed = study.run("toy_study", list(range(8)), tmp_path / "kept", client)
    killer.join()
    assert results == [(task, task**2) for task in range(8)] and failed == []
    tasks = [task for task, *_ in begun(tmp_path)]
    assert sorted(set(tasks)) == list(range(8)) and len(tasks) == 9  # the first one was begun twice
    assert not list((tmp_path / "kept").glob("*.part"))

    again, _ = study.run("toy_study", list(range(9)), tmp_path / "kept", client)
    assert again == [(task, task**2) for task in range(9)]
    assert [task for task, *_ in begun(tmp_path)][9:] == [8]


def test_a_task_that_fails_is_told_and_the_others_are_done(client, tmp_path, capsys):
    results, failed = study.run("toy_study", [12, 13, 14], tmp_path / "kept", client)
    assert results == [(12, 144), (14, 196)] and failed == [13]
    assert "13 failed: ValueError: 13 is not wanted" in capsys.readouterr().err


def test_nobody_draws_random_numbers_beside_a_task(client, tmp_path):
    """Keras takes its seeds from Python's random numbers; a worker of Dask draws some of them each second or so."""
    tasks = ["draw 1", "draw 2"]
    results, _ = study.run("toy_study", tasks, tmp_path / "kept", client)
    assert [drawn for _, drawn in results] == [random.Random(task).random() for task in tasks]


@needs_mnist
def test_a_program_finds_on_dask_what_it_finds_alone(client, tmp_path):
    tasks = [["linear", 1000, 0], ["K-NN", 1000, 1]]
    found, failed = study.run("compare_rivals", tasks, tmp_path / "kept", client)
    assert not failed and [task for task, _ in found] == tasks
    code = f"import json, compare_rivals; print(json.dumps([compare_rivals.work(task) for task in {tasks}]))"
    places = {"PYTHONPATH": os.pathsep.join(map(str, (study.COURSE / "tools", study.COURSE)))}
    how = {"text": True, "capture_output": True, "env": os.environ | places | compare_rivals.ENVIRONMENT}
    output = subprocess.run([sys.executable, "-c", code], check=True, **how).stdout
    for (_, one), alone in zip(found, json.loads(output.splitlines()[-1]), strict=True):
        assert {key: one[key] for key in one if "seconds" not in key} == {
            key: alone[key] for key in alone if "seconds" not in key
        }


def test_results_of_other_versions_or_of_another_program_are_not_taken(tmp_path):
    now = study.origin("compare_rivals")
    assert {"python", "tensorflow", "numpy", "scikit-learn", "program"} <= set(now)
    assert len({study.origin(name)["program"] for name in study.STUDIES}) == len(study.STUDIES)
    path = study.place(tmp_path, {"seed": 3})
    for other in (now | {"python": "2.7"}, now | {"program": "an older one"}):
        path.write_text(json.dumps({"origin": other, "task": {"seed": 3}, "result": 1}))
        assert study.done(tmp_path, {"seed": 3}, now) is None and study.done(tmp_path, {"seed": 4}, now) is None
    path.write_text(json.dumps({"origin": now, "task": {"seed": 3}, "result": 1}))
    assert study.done(tmp_path, {"seed": 3}, now)["result"] == 1


def test_a_worker_with_another_program_is_told(client, tmp_path, capsys, monkeypatch):
    ours = study.origin
    monkeypatch.setattr(study, "origin", lambda name: ours(name) | {"program": "a newer one"})
    assert study.run("toy_study", [2], tmp_path / "kept", client) == ([], [2])
    assert "2 failed: done with" in capsys.readouterr().err and not list((tmp_path / "kept").glob("*"))


def test_every_task_has_a_file_of_its_own(tmp_path):
    for program in (reproduce_1998, compare_rivals, compare_changes):
        places = [study.place(tmp_path, task) for task in program.tasks()]
        assert len(set(places)) == len(places) > 5


def test_the_plan_of_1998_is_what_was_recorded():
    runs = lk.load_record("reproduction")["results"]
    found = [{key: run[key] for key in reproduce_1998.KEYS} for run in runs]
    assert sorted(map(str, found)) == sorted(map(str, reproduce_1998.tasks()))


def test_merged_records_are_those_of_one_process(tmp_path):
    """The recorded runs, taken apart into tasks and put together again."""
    runs = lk.load_record("reproduction")["results"]
    parts = [
        ({key: run[key] for key in reproduce_1998.KEYS}, {k: v for k, v in run.items() if k not in reproduce_1998.KEYS})
        for run in runs
    ]
    reproduce_1998.merge(tmp_path / "reproduction.json", parts[::-1])
    assert json.loads((tmp_path / "reproduction.json").read_text())["results"] == runs

    changes = lk.load_record("changes")["results"]
    parts = [(task, [run for run in changes if run["setting"] in task]) for task in compare_changes.tasks()]
    compare_changes.merge(tmp_path / "changes.json", parts[::-1])
    assert json.loads((tmp_path / "changes.json").read_text())["results"] == changes

    record = lk.load_record("rivals")["results"]
    parts = [
        ([name, run["training_digits"], run["seed"]], run) for name, entry in record.items() for run in entry["runs"]
    ]
    compare_rivals.merge(tmp_path / "rivals.json", parts[::-1])
    merged = json.loads((tmp_path / "rivals.json").read_text())["results"]
    assert {name: entry["runs"] for name, entry in merged.items()} == {
        name: entry["runs"] for name, entry in record.items()
    }
