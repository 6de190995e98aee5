"""The example "Simple MNIST convnet" of Keras: two 3×3 convolutions, max pooling, dropout, one dense layer."""

import numpy as np

NAME = "Keras's example mnist_convnet"
SOURCE = "Keras documentation, code examples, Simple MNIST convnet (2015, revised 2020)"
PACKAGES = []
PARAMETERS, EPOCHS = 34_826, 15
BATCH = 128


def epochs(pixels, labels, seed):
    import keras
    from keras import layers

    keras.utils.set_random_seed(seed)
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    network.compile("adam", "categorical_crossentropy", metrics=["accuracy"])

    def scaled(pixels):
        return (pixels / 255).astype("float32")[..., np.newaxis]

    images, targets = scaled(pixels), keras.utils.to_categorical(labels, 10)
    for _ in range(EPOCHS):
        # Its last tenth is kept for validation, as published: 54,000 digits are learned from.
        network.fit(images, targets, batch_size=BATCH, epochs=1, validation_split=0.1, verbose=0)
        yield lambda pixels: network.predict(scaled(pixels), batch_size=1000, verbose=0).argmax(axis=1)
