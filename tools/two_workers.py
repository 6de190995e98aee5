"""Train one network on several processes that know of each other: python tools/two_workers.py

The processes could as well be machines: they talk over the network only (here the one inside this machine), through
TensorFlow's MultiWorkerMirroredStrategy. Every worker holds the same weights and takes its part of each batch; the sums
of the slopes are added up among all (all-reduce), so that each worker makes the same update, which is that of one
process with the whole batch. After each epoch the first worker backs up weights and epoch, whole or not at all. When a
worker dies, the others cannot go on: TensorFlow ends them with an error, or they wait, if the dead one is only silent.
This program sees that one died, ends all, and starts all again from the backup.
With --kill EPOCH it has the last worker die in the middle of that epoch, once. Lesson 26 explains it.

All workers are started here, on this machine. On several, set TF_CONFIG on each as `start` does, give each the same
arguments and its own --worker NUMBER, and a FOLDER that all can reach: a worker that found no backup would begin anew
beside others that go on, and nobody would be told. To start all again is then up to you.

Writes FOLDER/backup.npz and FOLDER/history.json: loss by epoch, seconds by epoch, how often all were started.
"""

import argparse
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import numpy as np

WORKERS, EPOCHS, DIGITS, BATCH, RATE = 2, 3, 6_000, 64, 0.1
BACKUP = "backup.npz"


def free_ports(count):
    """Ports that nobody uses at this moment."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def start(arguments, dies):
    """Start all workers; each is told where all are, and which one it is."""
    places = [f"127.0.0.1:{port}" for port in free_ports(arguments.workers)]
    processes = []
    for number in range(arguments.workers):
        task = {"cluster": {"worker": places}, "task": {"type": "worker", "index": number}}
        last = number == arguments.workers - 1
        command = [sys.executable, __file__, *arguments.given, "--worker", str(number)]
        command += ["--die", str(arguments.kill)] if dies and last else []
        environment = os.environ | {"TF_CONFIG": json.dumps(task), "TF_CPP_MIN_LOG_LEVEL": "3"}
        log = open(arguments.folder / f"worker-{number}.log", "a")
        processes.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))
        log.close()
    return processes


def watch(processes):
    """Wait until all are done, or one has died, after which the others are ended; whether all are done."""
    while True:
        states = [process.poll() for process in processes]
        if all(state == 0 for state in states):
            return True
        if any(state not in (None, 0) for state in states):
            for process in processes:
                process.kill()
                process.wait()
            return False
        time.sleep(0.1)


def written(path):
    """When a file was last written; 0 if there is none."""
    return path.stat().st_mtime_ns if path.exists() else 0


def work(arguments):
    """What one worker does."""
    import tensorflow as tf

    # Before anything else of TensorFlow: the strategy finds the others.
    strategy = tf.distribute.MultiWorkerMirroredStrategy() if arguments.workers > 1 else tf.distribute.get_strategy()
    import lenet_keras as lk

    keras = lk.start_keras()
    pixels = lk.data.find()[0]
    images, labels = lk.normalise(pixels.x_train[:DIGITS]), pixels.y_train[:DIGITS]
    keras.utils.set_random_seed(0)
    with strategy.scope():
        network = lk.lenet5()
    weights = [variable.value for variable in network.trainable_variables]
    backup, history = arguments.folder / BACKUP, []
    if backup.exists():
        with np.load(backup) as kept:
            history = json.loads(str(kept["history"]))
            network.set_weights([kept[f"weight{number}"] for number in range(len(weights))])
    number, many, part = arguments.worker, arguments.workers, BATCH // arguments.workers

    def step(own_images, own_labels):
        with tf.GradientTape() as tape:
            logits = network(own_images, training=True)
            each = keras.losses.sparse_categorical_crossentropy(own_labels, logits, from_logits=True)
            loss = tf.reduce_sum(each) / BATCH  # of the whole batch, so that the parts need only be added
        slopes = tape.gradient(loss, weights)
        if many > 1 and not arguments.apart:
            loss, *slopes = tf.distribute.get_replica_context().all_reduce("sum", [loss, *slopes])
        for weight, slope in zip(weights, slopes, strict=True):
            weight.assign_sub(RATE * slope)
        return loss

    @tf.function
    def update(own_images, own_labels):
        return strategy.experimental_local_results(strategy.run(step, (own_images, own_labels)))[0]

    for epoch in range(len(history), arguments.epochs):
        order = np.random.default_rng([0, epoch]).permutation(len(labels) // BATCH * BATCH).reshape(-1, many, part)
        losses, started = [], time.perf_counter()
        for place, rows in enumerate(order):
            if arguments.die == epoch and place == len(order) // 2:
                os.kill(os.getpid(), signal.SIGKILL)
            losses.append(float(update(tf.constant(images[rows[number]]), tf.constant(labels[rows[number]]))))
        history.append({"loss": float(np.mean(losses)), "seconds": round(time.perf_counter() - started, 2)})
        if number == 0:
            arrays = {f"weight{place}": array for place, array in enumerate(network.get_weights())}
            with open(backup.with_suffix(".part"), "wb") as file:
                np.savez(file, history=json.dumps(history), **arrays)
            os.replace(backup.with_suffix(".part"), backup)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="where backup, logs and results are kept")
    parser.add_argument("--workers", type=int, default=WORKERS, help=f"how many processes; {BATCH} must be a multiple")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--kill", type=int, metavar="EPOCH", help="the last worker dies in this epoch, once")
    parser.add_argument("--apart", action="store_true", help="add nothing up: what is left out, is what that costs")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--die", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.workers < 1 or BATCH % arguments.workers:
        parser.error(f"a batch of {BATCH} digits cannot be shared out evenly among {arguments.workers} workers")
    if arguments.worker is not None:
        return work(arguments)
    arguments.given, starts = sys.argv[1:], 0
    arguments.folder.mkdir(parents=True, exist_ok=True)
    while True:
        before = written(arguments.folder / BACKUP)
        starts += 1
        if watch(start(arguments, dies=arguments.kill is not None and starts == 1)):
            break
        if written(arguments.folder / BACKUP) == before and starts > 1:
            sys.exit(f"A worker died twice in the same epoch; see the logs in {arguments.folder}.")
        print("A worker died; all start again from the last backup.", flush=True)
    with np.load(arguments.folder / BACKUP) as kept:
        history = json.loads(str(kept["history"]))
    (arguments.folder / "history.json").write_text(json.dumps({"starts": starts, "epochs": history}))
    print(f"{arguments.workers} workers, {starts} start(s), loss by epoch: {[round(e['loss'], 5) for e in history]}")


if __name__ == "__main__":
    main()
