"""A study for tests/test_study.py: each task says that it began, takes a moment, and gives a square, or a draw."""

import os
import pathlib
import random
import time

FOLDER = pathlib.Path(os.environ.get("TOY_STUDY", "."))


def work(task):
    if str(task).startswith("draw"):
        random.seed(task)
        time.sleep(3)
        return random.random()
    with open(FOLDER / "begun.txt", "a") as file:
        file.write(f"{task} {os.getpid()} {os.getppid()}\n")
    if task == 13:
        raise ValueError("13 is not wanted")
    time.sleep(0.4)
    return task**2
