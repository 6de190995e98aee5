"""LeNet as "Dive into Deep Learning" writes it: sigmoids, average pooling, plain descent; there on Fashion-MNIST."""

import numpy as np

NAME = "LeNet of Dive into Deep Learning"
SOURCE = "Zhang, Lipton, Li, Smola: Dive into Deep Learning, section 7.6 (2023); rate 0.1, 10 epochs, batches of 128"
PACKAGES = []
PARAMETERS, EPOCHS = 61_706, 10
BATCH, RATE = 128, 0.1


def epochs(pixels, labels, seed):
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(6, 5, padding="same", activation="sigmoid"),
            layers.AveragePooling2D(2),
            layers.Conv2D(16, 5, activation="sigmoid"),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(120, activation="sigmoid"),
            layers.Dense(84, activation="sigmoid"),
            layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.SGD(RATE), loss, metrics=["accuracy"])

    def scaled(pixels):
        return (pixels / 255).astype("float32")[..., np.newaxis]

    images = scaled(pixels)
    for _ in range(EPOCHS):
        network.fit(images, labels, batch_size=BATCH, epochs=1, verbose=0)
        yield lambda pixels: network.predict(scaled(pixels), batch_size=1000, verbose=0).argmax(axis=1)
