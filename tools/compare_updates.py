"""A rate for every weight against one rate for all, and against Adam, over seeds: python tools/compare_updates.py

The network of 1998 learns MNIST's training digits, none of them twice, by equation 9 of half squared distances with
j = 1, and is judged on the 6,000 validation digits; the test digits are not looked at. The trainings differ in what
makes the step:

- "every weight": the method of the article, a digit an update, the curvature estimated once from 500 digits;
- "one rate": the same loop, a digit an update, with one constant rate for all weights;
- "Adam, 50 digits": Adam as Keras has it, 50 digits an update;
- "Adam, 1 digit": Adam in the first loop, a digit an update.

Both Adams get as many digits as they read in the time that the first way takes for its own. This is measured first, in
turns, after what is compiled is compiled: seconds of the processor, in one thread, so that other programs disturb
little.

Each is tried with several rates, from the starting weights of the course, ±2.4 / √F, and at one of them from the
printed weights, ±2.4 / F. "repeated" is the article's method with a tenth of η and an estimate before every 200 of
the first 1,200 digits, then as usual after one more estimate; from either start.

Writes data/updates.json, each training as soon as it is finished, so that it goes on where it was stopped. Needs MNIST.
About six minutes of one core.
"""

import time

import numpy as np
import record as records

import lenet_keras as lk
from lenet_keras import training_1998

keras = lk.start_keras()

import tensorflow as tf  # noqa: E402 - after start_keras, which keeps it quiet

RECORD = records.DATA / "updates.json"
SEEDS, DIGITS, PIECE, BATCH = range(5), 10_000, 200, 50
"""Digits are handed over in pieces of one size, since another size would be compiled anew."""
ETA = training_1998.SCHEDULE[0]
FACTORS = (0.25, 0.5, 1, 2, 4)
ROOT, PRINTED = "±2.4 / √F", "±2.4 / F"
CAREFUL = 1_200
"""Digits of "repeated" that are learned with a tenth of η."""
ADAMS = ("Adam, 50 digits", "Adam, 1 digit")
TRAININGS = (
    *((ROOT, "every weight", ETA * factor) for factor in FACTORS),
    *((ROOT, "one rate", 0.001 * factor) for factor in FACTORS),
    *((ROOT, "Adam, 50 digits", 0.004 * factor) for factor in FACTORS),
    *((ROOT, "Adam, 1 digit", 0.0005 * factor) for factor in FACTORS),
    *((PRINTED, "every weight", ETA), (PRINTED, "one rate", 0.001)),
    *((PRINTED, "Adam, 50 digits", 0.004), (PRINTED, "Adam, 1 digit", 0.0005)),
    *((start, "repeated", ETA) for start in (ROOT, PRINTED)),
)


class AdamByDigit(training_1998.DiagonalLevenbergMarquardt):
    """Adam in the loop of the article's method: the same loss, a digit an update; `run` takes its rate for η."""

    def __init__(self, model, first=0.9, second=0.999, tiny=1e-7):
        super().__init__(model)
        self.first, self.second, self.tiny = first, second, tiny
        self.means, self.squares = ([tf.Variable(tf.zeros_like(w)) for w in self.weights] for _ in range(2))
        self.count = tf.Variable(0.0)

    def forget(self):
        for variable in (*self.means, *self.squares, self.count):
            variable.assign(tf.zeros_like(variable))

    def _pass_loop(self, images, labels, order):
        wrong = 0.0
        for i in order:
            label = tf.gather(labels, i)
            with tf.GradientTape() as tape:
                distances = self.scale * self.distances(tf.gather(images, [i]))
                rubbish = tf.reduce_logsumexp(tf.concat([-distances, [-self.junk]], 0))
                loss = tf.gather(distances, label) + rubbish
            gradients = tape.gradient(loss, self.weights)
            count = self.count.assign_add(1.0)
            for weight, gradient, mean, square in zip(self.weights, gradients, self.means, self.squares, strict=True):
                mean.assign(self.first * mean + (1 - self.first) * gradient)
                square.assign(self.second * square + (1 - self.second) * gradient**2)
                root = tf.sqrt(square / (1 - self.second**count)) + self.tiny
                weight.assign_sub(self._eta * mean / (1 - self.first**count) / root)
            wrong += tf.cast(tf.argmin(distances, output_type="int32") != label, "float32")
        return wrong


class Trainer:
    """One network with its optimisers, which are compiled once; every training gives it other starting weights."""

    def __init__(self, digits):
        self.digits = digits
        for kind in ("intra", "inter"):
            getattr(tf.config.threading, f"set_{kind}_op_parallelism_threads")(1)
        self.learn, self.validate = lk.split(digits)
        self.model = lk.lenet5_1998()
        self.own = training_1998.DiagonalLevenbergMarquardt(self.model)
        self.one = training_1998.DiagonalLevenbergMarquardt(self.model)  # never estimated: every rate is η / μ
        self.adam = keras.optimizers.Adam()
        equation_9 = lk.layers.MaximumAPosteriori(junk=1)
        self.model.compile(
            self.adam, lambda labels, distances: equation_9.call(labels, distances / 2), jit_compile=True
        )
        self.adam.build(self.model.trainable_variables)
        self.by_digit = AdamByDigit(self.model)

    def start(self, start, seed):
        """Set the starting weights; returns the seed's digits in the order in which they are learned."""
        keras.utils.set_random_seed(seed)
        self.model.set_weights(lk.lenet5_1998(power=1.0 if start == PRINTED else 0.5).get_weights())
        for variable in self.adam.variables:
            variable.assign(keras.ops.zeros_like(variable))
        self.by_digit.forget()
        return np.random.default_rng(seed).permutation(self.learn)

    def estimate(self, order, count=training_1998.SAMPLES):
        self.own.estimate(self.digits.x_train[np.sort(order[:count])])

    def loop(self, optimiser, order, eta):
        for first in range(0, len(order), PIECE):
            piece = order[first : first + PIECE]
            optimiser.run(self.digits.x_train[piece], self.digits.y_train[piece], eta)

    def train(self, start, way, rate, seed, digits=DIGITS):
        """One training; returns the seconds of the processor."""
        order = self.start(start, seed)[:digits]
        if way == "Adam, 50 digits":
            self.adam.learning_rate = rate
            images, labels = self.digits.x_train[order], self.digits.y_train[order, None]
        began = time.process_time()
        if way == "Adam, 50 digits":
            self.model.fit(images, labels, batch_size=BATCH, shuffle=False, verbose=0)
        elif way == "Adam, 1 digit":
            self.loop(self.by_digit, order, rate)
        elif way == "one rate":
            self.loop(self.one, order, rate * self.one.mu)
        elif way == "every weight":
            self.estimate(order)
            self.loop(self.own, order, rate)
        else:
            for first in range(0, CAREFUL, PIECE):
                self.estimate(order[first:], PIECE)
                self.loop(self.own, order[first : first + PIECE], rate / 10)
            self.estimate(order[CAREFUL:])
            self.loop(self.own, order[CAREFUL:], rate)
        return time.process_time() - began

    def errors(self):
        """How many of the validation digits are misread."""
        distances = self.model.predict(self.digits.x_train[self.validate], batch_size=1000, verbose=0)
        return int((distances.argmin(axis=1) != self.digits.y_train[self.validate]).sum())


MEASURED = ("digits_in_equal_time", "seconds_for_equal_digits")
"""Settings that are measured first, and hold for all trainings of a record."""


def seconds_of(trainer, ways):
    """Seconds of the processor for DIGITS digits, by way, in the best of three rounds."""
    seconds = {way: [] for way in ways}
    for _ in range(4):
        for way, found in seconds.items():
            found.append(trainer.train(ROOT, way, ETA, 0))
    return {way: round(min(found[1:]), 2) for way, found in seconds.items()}  # the first round may compile


def main():
    trainer = Trainer(lk.load_digits("mnist"))
    settings = {
        "digits": DIGITS,
        "judged_digits": len(trainer.validate),
        "eta": ETA,
        "curvature_digits": training_1998.SAMPLES,
    }
    done = records.read(RECORD)
    measured = {key: done["settings"][key] for key in MEASURED} if done else {}
    results = records.runs(RECORD, settings | measured)
    if not results:
        seconds = seconds_of(trainer, ("every weight", *ADAMS))
        counts = {way: DIGITS * seconds["every weight"] / seconds[way] for way in ADAMS}
        equal_time = {way: round(count / PIECE) * PIECE for way, count in counts.items()}
        measured = dict(zip(MEASURED, (equal_time, seconds), strict=True))
    settings |= measured
    head = records.head("python tools/compare_updates.py", "MNIST's training digits; 6,000 to judge by", settings)
    for seed in SEEDS:
        for start, way, rate in TRAININGS:
            setting = {"start": start, "way": way, "rate": rate, "seed": seed}
            if any(setting.items() <= run.items() for run in results):
                continue
            digits = settings["digits_in_equal_time"].get(way, DIGITS)
            seconds = trainer.train(start, way, rate, seed, digits)
            results.append(setting | {"errors": trainer.errors(), "seconds": round(seconds, 2)})
            print(results[-1], flush=True)
            records.write(RECORD, head | {"results": results})


if __name__ == "__main__":
    main()
