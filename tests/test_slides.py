"""The slides' PyTorch listing in Keras: its counts, and the same outputs from weights laid out PyTorch's way."""

import compare_changes
import keras
import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import broken

# What the listing is made of: parameters and connections by layer (28×28 images, third convolution 4×4, 82 units).
LISTING = {
    "input": ((28, 28, 1), 0, 0),
    "C1": ((24, 24, 6), 156, 24 * 24 * 6 * 26),
    "S2": ((12, 12, 6), 0, 12 * 12 * 6 * 4),
    "C3": ((8, 8, 16), 2416, 8 * 8 * 16 * 151),
    "S4": ((4, 4, 16), 0, 4 * 4 * 16 * 4),
    "C5": ((1, 1, 120), 30840, 30840),
    "flatten": ((120,), 0, 0),
    "F6": ((82,), 9922, 9922),
    "output": ((10,), 830, 830),
}


def test_the_listing_has_44164_parameters_and_290552_connections():
    table = lk.anatomy(lk.lenet5_slides())
    assert {row.name: (row.output_shape, row.parameters, row.connections) for row in table.rows} == LISTING
    assert (table.parameters, table.connections) == (44164, 290552)
    pooling = sum(row.connections for row in table.rows if "Pooling" in row.kind)
    assert table.connections - pooling == lk.load_record("paper")["slides"]["connections_of_listing_without_pooling"]


def test_activations_are_the_listing_s():
    activations = [layer.activation.__name__ for layer in lk.lenet5_slides().layers if hasattr(layer, "activation")]
    assert activations == ["tanh", "tanh", "tanh", "relu", "relu"]


@pytest.fixture
def port():
    """The Keras port with random weights and biases, and digits (n, 28, 28, 1)."""
    keras.utils.set_random_seed(7)
    model = lk.lenet5_slides()
    rng = np.random.default_rng(7)
    model.set_weights([w + rng.normal(0, 0.05, w.shape).astype("float32") for w in model.get_weights()])
    return model, lk.load_digits("bundled").x_test[:6, 2:-2, 2:-2]


def as_torch(weights):
    """Weights in PyTorch's layout: kernels (out, in, rows, columns), linear weights (out, in), biases as they are."""
    moved = {4: (3, 2, 0, 1), 2: (1, 0), 1: (0,)}
    return [np.ascontiguousarray(w.transpose(moved[w.ndim])) for w in weights]


def listing_by_loops(image, weights):
    """The listing on one image (1, rows, columns), channels first, with loops and float64."""

    def convolve(maps, kernel, bias):
        out, _, size, _ = kernel.shape
        side = maps.shape[1] - size + 1
        result = np.zeros((out, side, side))
        for m in range(out):
            for row in range(side):
                for column in range(side):
                    result[m, row, column] = (maps[:, row : row + size, column : column + size] * kernel[m]).sum()
            result[m] += bias[m]
        return result

    def pool(maps):
        half = maps.shape[1] // 2
        result = np.zeros((len(maps), half, half))
        for row in range(half):
            for column in range(half):
                result[:, row, column] = maps[:, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2].mean(axis=(1, 2))
        return result

    w = [values.astype("float64") for values in weights]
    x = pool(np.tanh(convolve(image.astype("float64"), *w[0:2])))
    x = pool(np.tanh(convolve(x, *w[2:4])))
    x = np.tanh(convolve(x, *w[4:6])).ravel()
    x = np.maximum(w[6] @ x + w[7], 0)
    return np.maximum(w[8] @ x + w[9], 0)


def test_the_port_equals_numpy_loops_in_the_layout_of_pytorch(port):
    model, images = port
    weights = as_torch(model.get_weights())
    expected = [listing_by_loops(image.transpose(2, 0, 1), weights) for image in images]
    assert np.count_nonzero(expected) > 10
    np.testing.assert_allclose(model(images).numpy(), expected, rtol=0, atol=1e-5)


def test_the_port_equals_torch(port):
    torch = pytest.importorskip("torch")
    nn = torch.nn
    listing = nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(16, 120, 4), nn.Tanh(), nn.Flatten(),
        nn.Linear(120, 82), nn.ReLU(), nn.Linear(82, 10), nn.ReLU(),
    )  # fmt: skip
    model, images = port
    weights = as_torch(model.get_weights())
    with torch.no_grad():
        for parameter, weight in zip(listing.parameters(), weights, strict=True):
            assert tuple(parameter.shape) == weight.shape
            parameter.copy_(torch.from_numpy(weight))
        theirs = listing(torch.from_numpy(np.ascontiguousarray(images.transpose(0, 3, 1, 2)))).numpy()
    assert np.count_nonzero(theirs) > 10
    np.testing.assert_allclose(model(images).numpy(), theirs, rtol=0, atol=1e-5)
    assert sum(parameter.numel() for parameter in listing.parameters()) == 44164


# ------------------------------------------------------------------------------------------ the broken networks


@pytest.fixture(scope="module")
def few():
    digits = lk.load_digits("bundled")
    return (digits.x_train[:64], digits.y_train[:64]), (digits.x_train[64:96], digits.y_train[64:96])


@pytest.mark.parametrize("patient", ["healthy", "B", "D"])
def test_patients_train_and_leave_the_digits_as_they_are(patient, few):
    kept = [array.copy() for pair in few for array in pair]
    model, history = broken.train(patient, *few)
    assert model.output_shape == (None, 10)
    assert set(history) == {"loss", "error", "validation_loss", "validation_error"}
    assert all(len(values) == 3 for values in history.values())
    for before, after in zip(kept, (array for pair in few for array in pair), strict=True):
        np.testing.assert_array_equal(before, after)
    assert broken.code(patient).startswith("def ")


def test_a_patient_that_does_not_exist_is_refused(few):
    for refused in (lambda: broken.train("Z", *few), lambda: broken.code("a")):
        with pytest.raises(ValueError, match="a letter from A to H, not '[Za]'"):
            refused()


# ------------------------------------------------------------------------------------------- the compared changes


def test_the_program_builds_the_listing_and_lenet5():
    def layers(model):
        return [layer.get_config() for layer in model.layers]

    settings = compare_changes.SETTINGS
    assert layers(compare_changes.network(keras, settings["the listing"])) == layers(lk.lenet5_slides())
    assert layers(compare_changes.network(keras, settings["1998's habits"])) == layers(lk.lenet5())
    without = compare_changes.network(keras, settings["all four"])
    assert without.count_params() == 156 + 2416 + 48120 + 1210
