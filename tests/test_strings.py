"""Strings of digits: the displaced network against sliding windows, composing by hand, decoding by brute force."""

import importlib
import itertools

import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import strings

keras = lk.start_keras()
layers = keras.layers
PAPER, INK = np.float32(-0.1), np.float32(1.175)


# ------------------------------------------------------------------------------------------------- the network


def sharp(model, seed=0):
    """Random weights and biases, large enough that the outputs differ from place to place."""
    rng = np.random.default_rng(seed)
    model.set_weights([rng.normal(0, 0.3, w.shape).astype("float32") for w in model.get_weights()])
    return model


MODELS = {
    "lenet5": (lambda: lk.lenet5(), 4),
    "relu, max pooling, 11 outputs": (lambda: lk.lenet5("relu", "max", 11), 4),
    "flattened maps": (
        lambda: keras.Sequential(
            [
                keras.Input((32, 32, 1)),
                layers.Conv2D(3, 5, activation="tanh"),
                layers.MaxPooling2D(2),
                layers.Conv2D(5, 4),
                layers.Activation("relu"),
                layers.Flatten(),
                layers.Dense(7, activation="tanh", use_bias=False),
                layers.Dense(4),
                layers.Activation("softmax"),
            ]
        ),
        2,
    ),
    "a convolution that steps": (
        lambda: keras.Sequential(
            [keras.Input((12, 12, 2)), layers.Conv2D(3, 3, strides=3), layers.Flatten(), layers.Dense(2)]
        ),
        3,
    ),
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("extra", [0, 4, 5, 23])
def test_the_displaced_network_equals_the_sliding_window(name, extra):
    build, step = MODELS[name]
    model = sharp(build())
    height, width, channels = model.input_shape[1:]
    wide = strings.space_displacement(model)
    rng = np.random.default_rng(extra)
    images = rng.uniform(-0.1, 1.175, (3, height, width + extra, channels)).astype("float32")
    found = keras.ops.convert_to_numpy(wide(images))
    places = extra // step + 1
    assert found.shape == (3, 1, places, model.output_shape[-1])
    for place in range(places):
        window = images[:, :, place * step : place * step + width]
        np.testing.assert_allclose(found[:, 0, place], keras.ops.convert_to_numpy(model(window)), atol=1e-5)
    assert places < 2 or np.ptp(found[:, 0], axis=1).max() > 1e-3


def test_a_width_may_be_fixed_and_the_weights_are_copies():
    model = sharp(lk.lenet5())
    wide = strings.space_displacement(model, 128)
    assert wide.input_shape == (None, 32, 128, 1) and wide.output_shape == (None, 1, 25, 10)
    assert wide.count_params() == model.count_params()
    image = np.zeros((1, 32, 128, 1), "float32")
    before = keras.ops.convert_to_numpy(wide(image)).copy()
    model.set_weights([0 * w for w in model.get_weights()])
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(wide(image)), before)


def test_counted_work_is_that_of_the_layers():
    # By hand, for 128 columns: C1 28×124, C3 10×58, C5 1×25, F6 and output 25 places.
    right = 28 * 124 * 25 * 6 + 10 * 58 * 25 * 6 * 16 + 25 * (400 * 120 + 120 * 84 + 84 * 10)
    assert lk.anatomy(strings.space_displacement(lk.lenet5(), 128)).macs == right


@pytest.mark.parametrize(
    "model, complaint",
    [
        ("a text", "needs a built keras.Sequential model, not a str"),
        (keras.Sequential([layers.Dense(2)]), "needs a built keras.Sequential"),
        (keras.Sequential([keras.Input((32, None, 1)), layers.Conv2D(2, 5)]), "one size"),
        (keras.Sequential([keras.Input((84,)), layers.Dense(2)]), "one size"),
        (
            keras.Sequential([keras.Input((32, 32, 1)), layers.Conv2D(2, 5)]),
            "a Flatten layer and a Dense layer after it",
        ),
        (
            keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(2, 5, padding="same"), layers.Flatten()]),
            "pads its maps",
        ),
        (
            keras.Sequential([keras.Input((8, 8, 1)), layers.BatchNormalization(), layers.Flatten()]),
            "of the kind BatchNormalization",
        ),
        (keras.Sequential([keras.Input((8, 8, 1)), layers.Dense(2), layers.Flatten()]), "of the kind Dense"),
        (keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(2, 5), layers.Flatten()]), "Dense layer after it"),
        (
            keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), layers.Activation("softmax")]),
            "Activation after Flatten",
        ),
        (
            keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(2), layers.Flatten()]),
            "of the kind Flatten after Flatten",
        ),
    ],
)
def test_other_models_are_refused(model, complaint):
    with pytest.raises(ValueError, match=complaint):
        strings.space_displacement(model)


def test_the_network_of_1998_is_refused_and_so_is_a_narrow_width():
    with pytest.raises(ValueError, match="layer 'S2' is of the kind Subsampling"):
        strings.space_displacement(lk.lenet5_1998())
    with pytest.raises(ValueError, match="at least as wide as the model's 32 pixels, not 31"):
        strings.space_displacement(lk.lenet5(), 31)


def test_sweep_gives_log_probabilities_whatever_the_batch():
    model = sharp(lk.lenet5())
    wide = strings.space_displacement(model)
    images = np.random.default_rng(1).uniform(-0.1, 1.175, (5, 32, 48, 1)).astype("float32")
    maps = strings.sweep(wide, images, batch_size=2)
    assert maps.shape == (5, 5, 10)
    np.testing.assert_allclose(np.exp(maps[:, 1]), lk.probabilities(model, images[:, :, 4:36]), atol=1e-5)
    for bad, complaint in (
        (images[0], "sweep needs images"),
        (images[:, :, :31], "sweep needs images"),
        (images[:, :31], "sweep needs images"),
        (images * np.nan, "not finite"),
    ):
        with pytest.raises(ValueError, match=complaint):
            strings.sweep(wide, bad)


@pytest.mark.parametrize("passes", [2, 4])
def test_more_passes_answer_in_between(passes):
    model = sharp(lk.lenet5())
    wide = strings.space_displacement(model)
    images = np.random.default_rng(2).uniform(-0.1, 1.175, (3, 32, 44, 1)).astype("float32")
    maps, step = strings.sweep(wide, images, passes), 4 // passes
    assert maps.shape == (3, 4 * passes, 10)
    padded = np.pad(images, ((0, 0), (0, 0), (0, 4), (0, 0)), constant_values=PAPER)
    for place in range(4 * passes):
        window = padded[:, :, place * step : place * step + 32]
        np.testing.assert_allclose(np.exp(maps[:, place]), lk.probabilities(model, window), atol=1e-5)
    np.testing.assert_allclose(maps[:, ::passes], strings.sweep(wide, images), atol=1e-5)


def test_passes_must_divide_the_distance_of_the_outputs():
    wide, images = strings.space_displacement(lk.lenet5()), np.zeros((1, 32, 40, 1), "float32")
    for passes in (0, 3, 8):
        with pytest.raises(ValueError, match=f"4 pixels apart; that is no multiple of {passes} passes"):
            strings.sweep(wide, images, passes)


# ------------------------------------------------------------------------------------------------- composing


def bars(*widths):
    """For each width an image with a solid bar of so many columns, in its middle; its label is its number."""
    images = np.full((len(widths), 32, 32, 1), PAPER, "float32")
    for image, width in zip(images, widths, strict=True):
        left = 16 - width // 2
        image[6:26, left : left + width] = INK
    return images, np.arange(len(widths))


def runs(image):
    """Lengths of the runs of inked and empty columns, without the empty ends."""
    inked = (image[..., 0] > 0.5).any(axis=0)
    return [(bool(key), len(list(group))) for key, group in itertools.groupby(np.trim_zeros(inked))]


@pytest.mark.parametrize("spacing", [1, 3, 8])
def test_spacing_is_the_number_of_empty_columns_between_ink_boxes(spacing):
    images, labels = bars(12, 6)
    composed = strings.compose(images, labels, 20, 4, spacing, np.random.default_rng(0))
    assert composed.images.shape[:2] == (20, 32) and composed.images.shape[2] % 4 == 0
    for image, text in zip(composed.images, composed.texts, strict=True):
        wanted = [(True, (12, 6)[int(text[0])])]
        for digit in text[1:]:
            wanted += [(False, spacing), (True, (12, 6)[int(digit)])]
        assert runs(image) == wanted


@pytest.mark.parametrize("spacing, ink", [(0, 24), (-1, 23), (-4, 20), (-6, 18), (-9, 18)])
def test_boxes_touch_or_overlap_but_by_no_more_than_half(spacing, ink):
    images, labels = bars(12)
    composed = strings.compose(images, labels, 3, 2, spacing, np.random.default_rng(0))
    for image, centres in zip(composed.images, composed.centres, strict=True):
        assert runs(image) == [(True, ink)]
        assert centres[1] - centres[0] == ink - 12
        # The bar's own columns 10 to 21 lie about the centre 15.5 of its image.
        assert np.flatnonzero((image[..., 0] > 0.5).any(axis=0))[0] == centres[0] - 6


def test_ink_is_combined_by_the_maximum():
    images, labels = bars(8, 8)
    images[1][images[1] > 0] = 0.4
    composed = strings.compose(images, labels, 40, 2, -3, np.random.default_rng(3))
    values = {"00": {8 + 5: INK}, "11": {8 + 5: np.float32(0.4)}}
    for image, text in zip(composed.images, composed.texts, strict=True):
        column = image[16, :, 0]
        if text in values:
            ((count, grey),) = values[text].items()
            assert (column == grey).sum() == count
        else:
            assert (column == INK).sum() == 8 and (column == np.float32(0.4)).sum() == 5
    assert {"00", "01", "10", "11"} == set(composed.texts)


def test_compose_is_seeded_and_jitter_moves_rows_only():
    images, labels = bars(5, 9, 14)
    first, again = (strings.compose(images, labels, 6, 3, 2, np.random.default_rng(8), jitter=3) for _ in "ab")
    np.testing.assert_array_equal(first.images, again.images)
    tops = {int(np.flatnonzero((image[..., 0] > 0.5).any(axis=1))[0]) for image in first.images}
    assert len(tops) > 1 and tops <= set(range(3, 10))
    single = strings.compose(images, labels, 30, 1, 0, np.random.default_rng(0))
    assert single.images.shape == (30, 32, 32, 1)
    np.testing.assert_array_equal(single.images[..., 0], images[single.texts.astype(int)][..., 0])


def pasted(monkeypatch, rng, rounds=400, **options):
    """For each of many windows: its label, and the digits in it as (columns from the middle, width of the bar)."""
    images, labels = bars(3, 7, 12)
    places, found = [], []
    composing = importlib.import_module("lenet_keras.strings.compose")  # the package's `compose` is the function
    paste = composing.paste

    def watched(canvas, image, left, down=0):
        places[-1].append((int(left), int((image[16, :, 0] > 0.5).sum())))
        paste(canvas, image, left, down)

    monkeypatch.setattr(composing, "paste", watched)
    for _ in range(rounds):
        places.append([])
        window, label = strings.training_images(images, labels, 1, rng, noise=0, blanks=0.5, jitter=0, **options)
        assert window.shape == (1, 32, 32, 1)
        found.append((int(label[0]), sorted(places[-1])))
    return found


@pytest.mark.parametrize("close", [True, False])
def test_training_windows_have_their_centre_where_they_should(monkeypatch, close):
    found = pasted(monkeypatch, np.random.default_rng(0), close=close, either=0)
    between_close = 0
    for label, digits in found:
        distances = [abs(left) for left, _ in digits]
        around = [max((left for left, _ in digits if left < 0), default=-99)]
        around += [min((left for left, _ in digits if left > 0), default=99)]
        near = around[1] - around[0] < 8
        if label == strings.BLANK:
            assert all(distance >= (2 if close and near else 4) for distance in distances)
            between_close += near
        else:
            width, centre = (3, 7, 12)[label], min(digits, key=lambda digit: abs(digit[0]))
            others = [abs(left - centre[0]) for left, _ in digits if left != centre[0]]
            assert width == centre[1] and abs(centre[0]) <= (1 if min(others, default=99) < 8 else 2)
            boxes = [(left + 16 - width // 2, left + 16 - width // 2 + width) for left, width in digits]
            assert all(-1 <= b[0] - a[1] <= 4 for a, b in itertools.pairwise(boxes))
    assert (between_close > 5) == close
    labels = [label for label, _ in found]
    assert set(labels) == {0, 1, 2, strings.BLANK} and 0.4 < np.mean(np.array(labels) == strings.BLANK) < 0.6
    assert {len(digits) for _, digits in found} == {0, 1, 2, 3}


def test_boxes_of_neighbours_stand_as_far_apart_as_asked(monkeypatch):
    found = pasted(monkeypatch, np.random.default_rng(0), rounds=100, gaps=(-3, -3), either=0)
    whole = [digits for label, digits in found if label != strings.BLANK]  # else the middle one may be missing
    assert {len(digits) for digits in whole} >= {2, 3}
    for digits in whole:
        boxes = [(left - width // 2, left - width // 2 + width, width) for left, width in digits]
        for a, b in itertools.pairwise(boxes):
            assert b[0] - a[1] == max(-3, -(min(a[2], b[2]) // 2))


def test_three_pixels_from_a_digit_the_label_is_one_or_the_other(monkeypatch):
    found = pasted(monkeypatch, np.random.default_rng(0), either=1)
    off = [label for label, digits in found if min((abs(left) for left, _ in digits), default=99) == 3]
    assert 50 < len(off) and 0.3 < np.mean(np.array(off) == strings.BLANK) < 0.7


def test_in_one_window_of_ten_there_are_two_ones():
    images, labels = bars(3, 7, 12)
    options = {"noise": 0, "blanks": 0, "either": 0}
    _, found = strings.training_images(images, labels, 5000, np.random.default_rng(0), **options)
    assert abs(np.mean(found == 1) - (0.1 + 0.9 / 3)) < 0.03


def test_noise_inverts_a_share_of_the_pixels():
    images, labels = bars(3, 7, 12)
    clean, _ = strings.training_images(images, labels, 50, np.random.default_rng(0), noise=0)
    noisy, _ = strings.training_images(images, labels, 50, np.random.default_rng(0), noise=0.1)
    changed = noisy != clean
    assert abs(changed.mean() - 0.1) < 0.01
    np.testing.assert_allclose(noisy[changed], (PAPER + INK) - clean[changed], atol=1e-6)
    assert not np.isin(
        strings.training_images(images, labels, 50, np.random.default_rng(0), blanks=0, either=0)[1], 10
    ).any()
    assert (strings.training_images(images, labels, 50, np.random.default_rng(0), blanks=1)[1] == 10).all()


def test_digits_that_do_not_fit_are_refused():
    images, labels = bars(4, 5)
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"\(n, 32, 32, 1\) with labels"):
        strings.compose(images[:, :28], labels, 1, 2, 0, rng)
    with pytest.raises(ValueError, match=r"with \(3,\)"):
        strings.training_images(images, np.arange(3), 1, rng)
    with pytest.raises(ValueError, match="count and length must be at least 1, not 1 and 0"):
        strings.compose(images, labels, 1, 0, 0, rng)
    with pytest.raises(ValueError, match="without ink"):
        strings.compose(images * 0 + PAPER, labels, 1, 2, 0, rng)
    with pytest.raises(ValueError, match="shares from 0 to 1, not 2 and 0.5"):
        strings.training_images(images, labels, 1, rng, noise=2, blanks=0.5)
    with pytest.raises(ValueError, match=r"gaps are the least and the largest number .*, not \(4, -1\)"):
        strings.training_images(images, labels, 1, rng, gaps=(4, -1))


def test_cutting_finds_the_bars_again_and_centres_them():
    images, labels = bars(12, 5)
    composed = strings.compose(images, labels, 10, 4, 1, np.random.default_rng(0))
    for image, text in zip(composed.images, composed.texts, strict=True):
        pieces = strings.cut(image)
        assert pieces.shape == (4, 32, 32, 1)
        for piece, digit in zip(pieces, text, strict=True):
            inked = np.flatnonzero((piece[..., 0] > 0.5).any(axis=0))
            assert len(inked) == (12, 5)[int(digit)] and abs(inked.mean() - 16) <= 0.5
    assert len(strings.cut(strings.compose(images, labels, 1, 4, 0, np.random.default_rng(0)).images[0])) == 1
    assert strings.cut(np.full((32, 80, 1), PAPER)).shape == (0, 32, 32, 1)
    speck = np.full((32, 80, 1), PAPER, "float32")
    speck[10:13, 40:43] = INK
    assert len(strings.cut(speck)) == 0
    wide = np.full((32, 80, 1), PAPER, "float32")
    wide[10:20, 10:70] = INK
    (piece,) = strings.cut(wide)
    assert (piece[15, :, 0] == INK).all()


# ------------------------------------------------------------------------------------------------- reading maps


@pytest.mark.parametrize(
    "classes, text",
    [([], ""), ([10, 10], ""), ([7, 7, 10, 7], "77"), ([10, 1, 2, 2, 10, 10, 3], "123"), ([0, 1, 0], "010")],
)
def test_collapse_by_hand(classes, text):
    assert strings.collapse(classes) == text


@pytest.mark.parametrize("price", [0, 0.7, 3])
def test_decode_finds_what_trying_every_path_finds(price):
    rng = np.random.default_rng(int(10 * price))
    places, classes = 5, 4
    maps = np.log(rng.dirichlet(np.full(classes, 0.5), (30, places)))
    found = strings.decode(maps, price)
    for scores, text in zip(maps, found, strict=True):
        best = {}
        for path in itertools.product(range(classes), repeat=places):
            written = "".join(str(c) for c, group in itertools.groupby(path) if c != classes - 1)
            score = sum(scores[place, c] for place, c in enumerate(path)) - price * len(written)
            best[written] = max(score, best.get(written, -np.inf))
        assert text == max(best, key=best.get)


def test_decode_without_a_price_takes_the_largest_output_everywhere():
    maps = np.log(np.random.default_rng(0).dirichlet(np.full(11, 0.3), (20, 15)))
    wanted = [strings.collapse(row) for row in maps.argmax(axis=2)]
    assert list(strings.decode(maps)) == wanted


def test_decode_refuses_what_is_no_map():
    for bad in (np.zeros((3, 11)), np.full((1, 2, 11), np.nan), np.zeros((1, 0, 11))):
        with pytest.raises(ValueError, match="decode needs maps"):
            strings.decode(bad)


def test_with_blank_lets_uncertain_places_go():
    maps = np.log(np.array([[[0.95, 0.05], [0.6, 0.4], [0.05, 0.95]]]))
    assert list(strings.decode(strings.with_blank(maps, 0.9))) == ["01"]
    assert list(strings.with_blank(maps, 0.9).argmax(axis=2)[0]) == [0, 2, 1]
