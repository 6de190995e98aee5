"""The same sums in another order: equal to the plain layers, forward, backward and in the weights."""

import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import fast

keras = lk.start_keras()
RANDOM = np.random.default_rng(0)


def test_blocks_become_channels_row_by_row():
    image = np.arange(16, dtype="float32").reshape(1, 4, 4, 1)
    blocks = keras.ops.convert_to_numpy(fast.in_blocks(image))
    assert blocks.tolist() == [[[[0, 1, 4, 5], [2, 3, 6, 7]], [[8, 9, 12, 13], [10, 11, 14, 15]]]]


def by_hand(images, kernel, bias, activation, pool):
    """Windows of NumPy, then the activation, then the pooling, place by place."""
    windows = np.lib.stride_tricks.sliding_window_view(images, kernel.shape[:2], axis=(1, 2))
    maps = activation(np.einsum("nrcfyx,yxfm->nrcm", windows, kernel) + bias)
    n, rows, columns, many = maps.shape
    return pool(pool(maps.reshape(n, rows // 2, 2, columns // 2, 2, many), axis=4), axis=2)


@pytest.mark.parametrize("size, channels, side", [(32, 1, 5), (14, 6, 5), (8, 2, 3)])
@pytest.mark.parametrize("pooling, pool", [("average", np.mean), ("max", np.max)])
def test_the_layer_is_convolution_activation_and_pooling(size, channels, side, pooling, pool):
    images = RANDOM.normal(size=(3, size, size, channels)).astype("float32")
    layer = fast.PooledConv2D(4, side, "tanh", pooling)
    layer.build(images.shape)
    kernel, bias = RANDOM.normal(size=layer.kernel.shape), RANDOM.normal(size=4)
    layer.set_weights([kernel, bias])
    wanted = by_hand(images, kernel, bias, np.tanh, pool)
    assert layer.compute_output_shape(images.shape) == wanted.shape
    np.testing.assert_allclose(keras.ops.convert_to_numpy(layer(images)), wanted, atol=1e-4)


@pytest.mark.parametrize("activation, pooling", [("tanh", "average"), ("relu", "max")])
def test_one_update_gives_the_same_weights(activation, pooling):
    images, labels = RANDOM.uniform(-0.1, 1.175, (64, 32, 32, 1)).astype("float32"), np.arange(64) % 10
    plain, quick = lk.lenet5(activation, pooling), fast.lenet5(activation, pooling)
    assert quick.count_params() == 61_706
    fast.copy_weights(plain, quick)
    for network in (plain, quick):
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        network.compile(keras.optimizers.SGD(0.1), loss)
        network.fit(images, labels, batch_size=64, verbose=0)
    for one, other in zip(plain.get_weights(), quick.get_weights(), strict=True):
        np.testing.assert_allclose(one, other.reshape(one.shape), atol=1e-5)


def test_weights_come_back_as_they_went(tmp_path):
    quick = fast.lenet5()
    again = fast.copy_weights(fast.copy_weights(quick, lk.lenet5()), fast.lenet5())
    assert all((one == other).all() for one, other in zip(quick.get_weights(), again.get_weights(), strict=True))
    quick.save(tmp_path / "quick.keras")
    loaded, images = keras.models.load_model(tmp_path / "quick.keras"), np.ones((2, 32, 32, 1), "float32")
    np.testing.assert_array_equal(loaded(images), quick(images))


@pytest.mark.parametrize("arguments, words", [
    ((6, 4), "an odd side, not 4"),
    ((6, -1), "an odd side, not -1"),
    ((6, (5, 5)), r"an odd side, not \(5, 5\)"),
    ((6, 5, "tanh", "min"), 'must be "average" or "max", not \'min\''),
    ((6, 5, "gelu", "max"), "must be one of linear, relu, sigmoid, tanh, not 'gelu'"),
])  # fmt: skip
def test_bad_layers_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        fast.PooledConv2D(*arguments)


@pytest.mark.parametrize("rows, columns", [(15, 14), (14, 15), (4, 14), (None, None)])
def test_sides_that_do_not_fit_are_refused(rows, columns):
    with pytest.raises(ValueError, match=f"fixed, even sides larger than 5, not {rows}×{columns}"):
        fast.PooledConv2D(6, 5).build((None, rows, columns, 1))


def test_a_fresh_c5_is_wider_than_that_of_the_plain_network():
    plain, quick = (np.std(network.get_layer("C5").get_weights()[0]) for network in (lk.lenet5(), fast.lenet5()))
    assert 2.4 < quick / plain < 2.7  # √(25 · (16 + 120) / (400 + 120)) = 2.56; the documentation warns of it


def test_foreign_weights_are_refused():
    with pytest.raises(ValueError, match="wanted are as many numbers as in"):
        fast.copy_weights(lk.lenet5(outputs=11), fast.lenet5())
