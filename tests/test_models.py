"""The networks: against loops in NumPy, against PyTorch, and rebuilt from their configuration."""

import compare_starts
import keras
import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import distort
from lenet_keras.layers import TABLE_I, MaximumAPosteriori, MaximumLikelihood, UniformByFanIn
from lenet_keras.models import LENET1_TABLE


def lenet5_by_loops(image, weights, pool, squash):
    """LeNet-5 on one image (32, 32, 1), with loops and float64."""

    def convolve(x, kernel, bias):
        size, maps = x.shape[0] - 4, kernel.shape[3]
        out = np.zeros((size, size, maps))
        for row in range(size):
            for column in range(size):
                window = x[row : row + 5, column : column + 5]
                for m in range(maps):
                    out[row, column, m] = (window * kernel[..., m]).sum() + bias[m]
        return squash(out)

    def subsample(x):
        half = x.shape[0] // 2
        return np.array(
            [[pool(x[2 * r : 2 * r + 2, 2 * c : 2 * c + 2], axis=(0, 1)) for c in range(half)] for r in range(half)]
        )

    w = [np.asarray(values, "float64") for values in weights]
    x = subsample(convolve(image.astype("float64"), *w[0:2]))
    x = subsample(convolve(x, *w[2:4]))
    x = convolve(x, *w[4:6]).reshape(120)
    x = squash(x @ w[6] + w[7])
    return x @ w[8] + w[9]


@pytest.mark.parametrize("activation, squash", [("tanh", np.tanh), ("relu", lambda a: np.maximum(a, 0))])
@pytest.mark.parametrize("pooling, pool", [("average", np.mean), ("max", np.max)])
def test_lenet5_equals_numpy_loops(activation, squash, pooling, pool, bundled):
    keras.utils.set_random_seed(3)
    model = lk.lenet5(activation, pooling)
    rng = np.random.default_rng(3)
    model.set_weights([w + rng.normal(0, 0.05, w.shape) for w in model.get_weights()])  # biases too
    image = bundled.x_test[0]
    expected = lenet5_by_loops(image, model.get_weights(), pool, squash)
    np.testing.assert_allclose(model(image[None]).numpy()[0], expected, rtol=1e-4, atol=1e-5)


def test_lenet5_layers():
    model = lk.lenet5()
    assert isinstance(model, keras.Sequential)
    assert [layer.name for layer in model.layers] == ["C1", "S2", "C3", "S4", "C5", "flatten", "F6", "output"]
    assert model.count_params() == 61706
    assert model.get_layer("output").activation is keras.activations.linear


@pytest.mark.parametrize("wrong", [{"pooling": "sum"}, {"pooling": None}, {"activation": "squish"}, {"activation": 7}])
def test_lenet5_refuses(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must .*not {next(iter(wrong.values()))!r}"):
        lk.lenet5(**wrong)


# ------------------------------------------------------------------------------------------- the slides' listing


def test_the_activations_are_those_of_the_listing():
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


# ------------------------------------------------------------------------------------------- the networks of 1998


def test_the_starting_weights_keep_within_their_bounds():
    keras.utils.set_random_seed(0)
    for power in (0.5, 1.0):
        model = lk.lenet5_1998(power)
        for name, fan_in in (("C1", 25), ("C5", 400), ("F6", 120)):
            values, bound = np.abs(np.asarray(model.get_layer(name).kernel)), 2.4 / fan_in**power
            assert 0.9 * bound < values.max() <= bound
        c3 = model.get_layer("C3")
        for kernel, (_, c3_map) in zip(np.asarray(c3.kernel), c3.links, strict=True):
            assert np.abs(kernel).max() <= 2.4 / (25 * len(TABLE_I[c3_map])) ** power


def test_the_network_is_rebuilt_from_its_configuration(tmp_path):
    keras.utils.set_random_seed(4)
    model = lk.lenet5_1998(table=["01", "2345", "5"])
    images = np.random.default_rng(4).normal(size=(2, 32, 32, 1)).astype("float32")
    rebuilt = keras.Sequential.from_config(model.get_config())
    model.save_weights(tmp_path / "m.weights.h5")
    rebuilt.load_weights(tmp_path / "m.weights.h5")
    np.testing.assert_array_equal(rebuilt(images), model(images))
    model.save(tmp_path / "m.keras")
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "m.keras")(images), model(images))
    for thing in (MaximumAPosteriori(3.0), MaximumLikelihood(), UniformByFanIn(1.0, [3, 4])):
        again = type(thing).from_config(thing.get_config())
        assert again.get_config() == thing.get_config()


def test_lenet1_has_the_table_of_1989():
    """Counted from 1 there: maps 1 to 6 take maps 1, 1+2, 1+2, 2, 1+2, 1+2; maps 7 to 12 the same with 3 and 4."""
    half = [{1}, {1, 2}, {1, 2}, {2}, {1, 2}, {1, 2}]
    printed = half + [{each + 2 for each in maps} for maps in half]
    assert [{int(each) + 1 for each in maps} for maps in LENET1_TABLE] == printed


def test_lenet1_and_lenet4_answer_with_finite_logits(bundled):
    for model, images in ((lk.lenet1(), distort.reduced(bundled.x_test[:5])), (lk.lenet4(), bundled.x_test[:5])):
        logits = model.predict(images, verbose=0)
        assert logits.shape == (5, 10) and np.isfinite(logits).all()


def test_pytorchs_start_lies_within_its_bounds_in_every_layer():
    model = lk.lenet5_slides()
    compare_starts.start_as_pytorch(model, np.random.default_rng(0))
    for layer, inputs in zip([layer for layer in model.layers if layer.weights], (25, 150, 256, 120, 82), strict=True):
        for values in layer.get_weights():
            assert abs(values).max() <= 1 / np.sqrt(inputs)
        assert abs(layer.get_weights()[0]).max() > 0.9 / np.sqrt(inputs)


def test_pytorchs_start_is_that_of_torch():
    torch = pytest.importorskip("torch")
    for layer, inputs in ((torch.nn.Conv2d(6, 160, 5), 150), (torch.nn.Linear(120, 820), 120)):
        for values in layer.parameters():
            assert 0.95 < values.detach().abs().max().item() * np.sqrt(inputs) <= 1 + 1e-6
            assert values.detach().std().item() * np.sqrt(3 * inputs) == pytest.approx(1, abs=0.15)
