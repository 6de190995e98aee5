"""The drawing pad in a browser: drawn on, and compared with Keras."""

import keras
import numpy as np
import pytest

import lenet_keras as lk
from lenet_keras import pages
from lenet_keras.course.hands import STYLES, drawings


@pytest.fixture(scope="module")
def model():
    return lk.load_lenet5()


@pytest.fixture(scope="module")
def saved(model, tmp_path_factory):
    path = tmp_path_factory.mktemp("pad") / "pad.html"
    lk.save_pad(model, path)
    return path


@pytest.fixture
def page(open_page, saved):
    """The saved page from disk, with the network off."""
    page = open_page(viewport={"width": 900, "height": 800}, offline=True)
    page.goto(saved.as_uri())
    return page


def state(page):
    return page.evaluate("""() => {
        const state = document.querySelector('.lenet-pad').lenetPad.state;
        const list = (values) => values && Array.from(values);
        return { ...state, image: list(state.image), outputs: list(state.outputs) }; }""")


def forward(page, images):
    """The values of all layers, as the page computes them: a list for each image."""
    script = """images => images.map(image => document.querySelector('.lenet-pad').lenetPad
        .forward(image).map(layer => Array.from(layer.values)))"""
    return page.evaluate(script, np.asarray(images, float).reshape(len(images), -1).tolist())


def corners(page, strokes, size=1.0, across=0.0, down=0.0):
    """The strokes as places on the page: on a part of the paper, by its size and its upper left corner."""
    box = page.locator(".lp-paper").bounding_box()
    return [
        [(box["x"] + box["width"] * (across + size * x), box["y"] + box["height"] * (down + size * y)) for x, y in s]
        for s in strokes
    ]


def draw(page, strokes, **place):
    for stroke in corners(page, strokes, **place):
        page.mouse.move(*stroke[0])
        page.mouse.down()
        for point in stroke[1:]:
            page.mouse.move(*point)
        page.mouse.up()


def test_outputs_are_those_of_keras(page, model):
    """100 test images: the shown shares agree to 1e-3, and so does every layer up to F6."""
    images = lk.load_digits().x_test[:100]
    found = forward(page, images)
    wanted = np.asarray(keras.ops.softmax(model(images)))
    shares = np.asarray(keras.ops.softmax(np.array([layers[-1] for layers in found])))
    assert np.abs(shares - wanted).max() < 1e-3
    assert (shares.argmax(axis=1) == wanted.argmax(axis=1)).all()
    layers = keras.Model(model.inputs[0], [layer.output for layer in model.layers])(images)
    for number, values in enumerate(layers[:-1]):
        mine = np.array([layers[number] for layers in found]).reshape(values.shape)
        assert np.abs(mine - np.asarray(values)).max() < 5e-3, model.layers[number].name
    # 16-bit floats keep 11 binary digits of each weight: before softmax the largest outputs, near 18, move a little.
    outputs = np.asarray(layers[-1])
    assert np.abs(np.array([layers[-1] for layers in found]) - outputs).max() < 1e-3 * np.abs(outputs).max()


def other_networks():
    layers = keras.layers
    yield lk.lenet5("relu", "max")
    yield lk.lenet5_slides()
    yield keras.Sequential(
        [
            keras.Input((32, 30, 1)),
            layers.Conv2D(3, (4, 3), strides=2, padding="same", use_bias=False, name="strides"),
            layers.Activation("tanh"),
            layers.AveragePooling2D(3, strides=2, padding="same", name="edges"),
            layers.MaxPooling2D((2, 1), padding="same"),
            layers.Flatten(),
            layers.Dense(10, use_bias=False, name="answer"),
        ],
        name="odd",
    )
    yield keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(10)], name="linear")


def test_other_networks_are_computed_as_keras_computes_them(open_page, tmp_path):
    keras.utils.set_random_seed(0)
    for network in other_networks():
        for weight in network.weights:  # those that 16-bit floats hold exactly leave the arithmetic to be compared
            weight.assign(np.asarray(weight).astype("float16"))
        lk.save_pad(network, tmp_path / "other.html")
        page = open_page(offline=True)
        page.goto((tmp_path / "other.html").as_uri())
        images = np.random.default_rng(0).uniform(-0.1, 1.175, (3, *network.input_shape[1:])).astype("float32")
        found = np.array([layers[-1] for layers in forward(page, images)])
        np.testing.assert_allclose(found, np.asarray(network(images)), atol=1e-4, err_msg=network.name)
        page.locator(".lp-paper").focus()
        page.keyboard.press("3")
        assert state(page)["answer"] in range(10)


def test_a_blank_pad_says_so_and_does_not_guess(page):
    assert page.get_by_text("The pad is blank: draw a digit.").first.is_visible()
    nothing = dict.fromkeys(("image", "outputs", "probabilities", "answer", "unit"))
    assert state(page) == {"blank": True} | nothing
    assert page.locator("tbody td").first.text_content() == "–"


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_drawn_with_the_mouse_is_read(page, digit):
    draw(page, pages.SAMPLES[digit])
    found = state(page)
    assert found["answer"] == digit
    assert f"The network reads {digit} (" in page.locator(".lp-reads").text_content()
    assert page.get_by_role("status").text_content() == page.locator(".lp-reads").text_content()
    assert page.locator("tr.lp-best th").text_content() == str(digit)
    wanted = pages.drawn(pages.SAMPLES[digit]).ravel()
    # The mouse goes by whole pixels of the screen.
    assert np.abs(np.array(found["image"]) - wanted).mean() < 0.02


def test_360_drawings_in_twelve_styles_are_read(page, capsys):
    """At least 99 of 100; which style fails is printed."""
    script = """drawings => drawings.map(([digit, strokes]) => {
        const pad = document.querySelector('.lenet-pad').lenetPad;
        pad.show(strokes);
        return pad.state.answer; })"""
    wrong, total = [], 0
    for style in STYLES:
        some = drawings(style, times=3)
        answers = page.evaluate(script, some)
        wrong += [(style, digit, answer) for (digit, _), answer in zip(some, answers, strict=True) if answer != digit]
        total += len(some)
    with capsys.disabled():
        print(f"\n{total - len(wrong)} of {total} drawings in {len(STYLES)} styles were read; not: {wrong}", flush=True)
    assert total == 360 and len(wrong) <= 0.01 * total


def test_a_drawing_in_a_corner_is_enlarged_and_centred(page):
    draw(page, pages.SAMPLES[7], size=0.3, across=0.7, down=0.7)
    assert state(page)["answer"] == 7
    ink = (np.array(state(page)["image"]).reshape(32, 32) + 0.1) / 1.275
    rows, columns = np.flatnonzero(ink.sum(axis=1) > 0.5), np.flatnonzero(ink.sum(axis=0) > 0.5)
    assert 19 <= rows[-1] - rows[0] + 1 <= 21  # MNIST's box of 20
    centre = [(ink.sum(axis=1 - axis) @ np.arange(32)) / ink.sum() for axis in (0, 1)]
    np.testing.assert_allclose(centre, 16, atol=0.51)  # pixel (14, 14) of 28×28
    assert columns[-1] < 32


def test_a_tap_is_a_dot_and_no_error(page):
    page.locator(".lp-paper").click()
    ink = (np.array(state(page)["image"]) + 0.1) / 1.275
    assert 3 < ink.sum() < 12 and not state(page)["blank"]  # a dot of the pen's width: pi / 4 times 2.8 squared is 6.2


def test_clear_undo_and_keys(page):
    draw(page, pages.SAMPLES[4])
    page.get_by_role("button", name="Undo").click()
    assert not state(page)["blank"] and state(page)["answer"] is not None
    page.get_by_role("button", name="Undo").click()
    assert state(page)["blank"]
    draw(page, pages.SAMPLES[1])
    page.get_by_role("button", name="Clear").click()
    assert state(page)["blank"]
    assert page.get_by_role("status").text_content() == "The pad is blank: draw a digit."
    for digit in range(10):
        page.keyboard.press(str(digit))
        assert state(page)["answer"] == digit
        page.keyboard.press("Escape")
        assert state(page)["blank"]
    page.get_by_role("button", name="Sample 8").click()
    assert state(page)["answer"] == 8
    page.keyboard.press("Delete")
    assert state(page)["blank"]
    page.keyboard.press("Backspace")  # undo gives back what was wiped away
    assert state(page)["answer"] == 8
    page.keyboard.press("Backspace")
    assert state(page)["blank"]


def test_every_part_has_a_label(page):
    draw(page, pages.SAMPLES[2])
    for canvas in page.locator("canvas").all():
        assert len(canvas.get_attribute("aria-label")) > 10
        assert canvas.get_attribute("role") == "img"
    assert page.get_by_role("group", name="Drawing pad").count() == 1
    assert page.get_by_role("button").count() == 12


def test_a_unit_under_the_pointer_is_explained(page, model):
    draw(page, pages.SAMPLES[4])
    picture = page.locator(".lp-layer canvas").nth(2)  # C3
    box = picture.bounding_box()
    side = box["width"] / page.evaluate("document.querySelectorAll('.lp-layer canvas')[2].width")
    page.mouse.move(box["x"] + 15.5 * side, box["y"] + 3.5 * side)  # the second map begins after ten units and a gap
    found = state(page)["unit"]
    assert [found[key] for key in ("number", "map", "row", "column", "parts")] == [2, 1, 3, 4, 6]
    image = np.array(state(page)["image"], "float32").reshape(1, 32, 32, 1)
    values = np.asarray(keras.Model(model.inputs[0], model.layers[2].output)(image))
    assert abs(found["value"] - values[0, 3, 4, 1]) < 5e-3 and abs(np.tanh(found["sum"]) - found["value"]) < 1e-5
    assert "It sees rows 6 to 19 and columns 8 to 21 of the image." in page.locator(".lp-unit").text_content()
    assert page.locator(".lp-part").count() == 6
    picture.press("ArrowDown")
    picture.press("ArrowLeft")
    assert [state(page)["unit"][key] for key in ("map", "row", "column")] == [1, 4, 3]
    page.locator(".lp-layer canvas").nth(0).focus()
    assert state(page)["unit"]["number"] == 0
    assert page.locator(".lp-numbers").count() == 3  # values, kernel and products, in numbers


def test_the_pad_fills_the_width_that_it_gets(open_page, saved):
    for width in (360, 1280, 2560):
        page = open_page(viewport={"width": width, "height": 800}, offline=True)
        page.goto(saved.as_uri())
        page.get_by_role("button", name="Sample 4").click()
        assert page.locator(".lenet-pad").bounding_box()["width"] > 0.94 * width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        right = [canvas.bounding_box() for canvas in page.locator(".lp-layer canvas").all()]
        assert max(box["x"] + box["width"] for box in right) <= width


def test_several_networks_stand_behind_one_pad(open_page, model, tmp_path):
    keras.utils.set_random_seed(5)
    networks = {"plain": model, "distorted": lk.load_lenet5("distorted"), "of 1998": lk.lenet5_1998()}
    path = lk.save_pad(networks, tmp_path / "three.html")
    assert path.stat().st_size < 600_000
    page = open_page(offline=True)
    page.goto(path.as_uri())
    draw(page, pages.SAMPLES[3])
    image = np.array(state(page)["image"], "float32").reshape(1, 32, 32, 1)
    for name, network in networks.items():
        page.get_by_role("button", name=name).click()
        found, wanted = np.array(state(page)["outputs"]), np.asarray(network(image))[0]
        np.testing.assert_allclose(found, wanted, rtol=5e-3, atol=2e-2, err_msg=name)
    assert state(page)["answer"] == wanted.argmin()
    page.locator(".lp-layer canvas").last.focus()  # the output: F6, the drawing and their squared differences
    assert page.locator(".lp-grid").count() == 3
    assert page.locator(".lp-grid").first.locator("span").count() == 84


def test_touch_draws_and_does_not_scroll(open_page, saved):
    page = open_page(viewport={"width": 400, "height": 500}, has_touch=True, is_mobile=True, offline=True)
    page.goto(saved.as_uri())
    assert page.evaluate("document.documentElement.scrollHeight > innerHeight + 100")  # there is somewhere to scroll
    finger = page.context.new_cdp_session(page)

    def touch(kind, points):
        touches = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    for stroke in corners(page, pages.SAMPLES[7]):
        touch("touchStart", stroke[:1])
        for start, end in zip(stroke, stroke[1:], strict=False):
            for share in np.linspace(0.1, 1, 10):
                touch("touchMove", [tuple(np.add(np.multiply(start, 1 - share), np.multiply(end, share)))])
        touch("touchEnd", [])
    assert state(page)["answer"] == 7
    assert page.evaluate("scrollY") == 0


def test_a_second_finger_draws_nothing(page):
    page.evaluate("""() => {
        const paper = document.querySelector('.lp-paper'), box = paper.getBoundingClientRect();
        paper.setPointerCapture = () => {};
        const send = (kind, id, x, y) => paper.dispatchEvent(new PointerEvent(kind, { pointerId: id, button: 0,
            clientX: box.x + x, clientY: box.y + y, bubbles: true, cancelable: true }));
        send('pointerdown', 1, 140, 40); send('pointerdown', 2, 250, 250); send('pointermove', 2, 10, 250);
        send('pointermove', 1, 140, 240); send('pointerup', 2, 10, 250); send('pointerup', 1, 140, 240); }""")
    assert state(page)["answer"] == 1


def test_two_pads_on_one_page_do_not_meet(open_page, model, tmp_path):
    keras.utils.set_random_seed(1)
    page = open_page(offline=True)
    (tmp_path / "two.html").write_text(
        pages.pad_element(model) + pages.pad_element(lk.lenet5("relu", "max")), encoding="utf-8"
    )
    page.goto((tmp_path / "two.html").as_uri())
    assert page.locator(".lp-paper").count() == 2
    page.locator(".lp-paper").nth(1).focus()
    page.keyboard.press("5")
    assert page.evaluate("Array.from(document.querySelectorAll('.lenet-pad'), pad => pad.lenetPad.state.blank)") == [
        True,
        False,
    ]


def test_without_scripts_a_still_picture_is_seen(open_page, saved):
    page = open_page(java_script_enabled=False, offline=True)
    page.goto(saved.as_uri())
    picture = page.locator("img")
    assert "still picture" in picture.get_attribute("alt")
    assert picture.bounding_box()["width"] == 580


def test_the_saved_page_may_ask_for_nothing(page):
    """The page's own rule forbids the browser what the page might ask for."""
    refused = page.evaluate("fetch('https://example.org/').then(() => 'answered', () => 'refused')")
    assert refused == "refused"
    # Forms and a foreign base are refused too: the browser says so in an event.
    refused = page.evaluate("""async () => {
        const told = [];
        addEventListener('securitypolicyviolation', event => told.push(event.effectiveDirective));
        const add = (html) => document.body.insertAdjacentHTML('beforeend', html);
        add('<base href="https://example.org/">');
        add('<form action="https://example.org/" method="post" target="_blank"></form>');
        document.forms[0].submit();
        await new Promise(resolve => setTimeout(resolve, 300));
        return [told.sort(), document.baseURI.startsWith('file:')]; }""")
    assert refused == [["base-uri", "form-action"], True]


def test_the_same_drawing_gives_the_image_of_python(page):
    """A sample is a drawing without a mouse: only the last bit of a number may lie between JavaScript and NumPy."""
    page.locator(".lp-paper").focus()
    for digit, strokes in enumerate(pages.SAMPLES):
        page.keyboard.press(str(digit))
        apart = np.abs(np.array(state(page)["image"]) - pages.drawn(strokes).ravel())
        assert apart.max() < 1.5 * 1.275 / 64 and (apart > 1e-6).sum() <= 2


def test_time_from_the_pen_to_the_answer_is_told(page, capsys):
    """Measured and printed, from the lifting of the pen to the next picture on the screen; no bound is asserted."""
    page.evaluate("""() => {
        window.waits = [];
        addEventListener('pointerup', event => requestAnimationFrame(() => setTimeout(() =>
            waits.push(performance.now() - event.timeStamp))), true); }""")
    lifts = 0
    for digit in range(10):
        draw(page, pages.SAMPLES[digit])
        lifts += len(pages.SAMPLES[digit])
        page.wait_for_function("lifts => waits.length === lifts", arg=lifts)
        assert page.locator(".lp-reads").text_content().startswith("The network reads")
        page.keyboard.press("Escape")
    waits = page.evaluate("waits")
    with capsys.disabled():
        print(
            f"\nfrom the pen's lift to the answer on the screen, {len(waits)} lifts: "
            f"median {np.median(waits):.0f} ms, longest {max(waits):.0f} ms",
            flush=True,
        )
