"""The same network in other programs: python tools/elsewhere.py WAY NETWORK.keras IMAGES.npy LOGITS.npy

    litert        LiteRT, for telephones and small machines; weights as they are
    litert_8      the same, with weights of eight bits
    onnx          ONNX, a format that many programs read, answered by ONNX Runtime
    torch         Keras itself, on PyTorch in TensorFlow's place
    jax           Keras itself, on JAX

NETWORK.keras is what network.save writes, made of Keras's own layers; IMAGES.npy are its inputs. Writes the logits, and
prints one line of JSON: {"bytes": the size of the network's file there, or of the one given}, or {"lacks": what is not
installed}, and writes nothing. Lesson 25 uses it.
"""

import argparse
import importlib.util
import json
import os
import pathlib
import tempfile

import numpy as np

NEEDS = {
    "litert": ["tensorflow"],
    "litert_8": ["tensorflow"],
    "onnx": ["onnx", "tf2onnx", "onnxruntime"],
    "torch": ["torch"],
    "jax": ["jax"],
}
"""The packages of each way; torch and jax are Keras's names of its backends, too."""


def lacking(way):
    """The packages that a way needs and this Python has not."""
    return [name for name in NEEDS[way] if importlib.util.find_spec(name) is None]


def litert(network, eight_bits=False, threads=None):
    """A network of Keras in LiteRT: a function from images to logits, and the bytes of the converted network."""
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    if eight_bits:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    content = converter.convert()
    if importlib.util.find_spec("ai_edge_litert"):
        from ai_edge_litert.interpreter import Interpreter
    else:
        Interpreter = tf.lite.Interpreter
    interpreter = Interpreter(model_content=content, num_threads=threads)
    place = interpreter.get_input_details()[0]["index"]

    def answers(images):
        interpreter.resize_tensor_input(place, images.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(place, images)
        interpreter.invoke()
        return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])

    return answers, len(content)


def onnx(network):
    """A network of Keras in ONNX Runtime: a function from images to logits, and the bytes of the exported network."""
    import onnxruntime

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "network.onnx"
        network(np.zeros((1, *network.input_shape[1:]), "float32"))  # Keras refuses to export what was never called
        network.export(path, format="onnx", verbose=False)
        session, size = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]), path.stat().st_size
    (given,) = session.get_inputs()
    return lambda images: session.run(None, {given.name: images})[0], size


def by_keras(network, images, backend):
    """The logits of Keras on another backend, and the bytes of its own file."""
    os.environ["KERAS_BACKEND"] = backend
    import keras

    model = keras.saving.load_model(network)
    return model.predict(images, batch_size=1000, verbose=0), network.stat().st_size


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("way", choices=NEEDS)
    parser.add_argument("network", type=pathlib.Path)
    parser.add_argument("images", type=pathlib.Path)
    parser.add_argument("logits", type=pathlib.Path)
    arguments = parser.parse_args()
    way, network = arguments.way, arguments.network
    if missing := lacking(way):
        print(json.dumps({"lacks": missing}))
        return
    images = np.load(arguments.images)
    if way in ("torch", "jax"):
        logits, size = by_keras(network, images, way)
    else:
        import keras

        loaded = keras.saving.load_model(network)
        answers, size = onnx(loaded) if way == "onnx" else litert(loaded, eight_bits=way == "litert_8")
        logits = answers(images)
    np.save(arguments.logits, logits)
    print(json.dumps({"bytes": size}))


if __name__ == "__main__":
    main()
