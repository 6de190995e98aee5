// node --test: what a unit sees, against lk.anatomy; a fresh network. tests/test_exploring.py writes the cases.
const assert = require("node:assert");
const { readFileSync } = require("node:fs");
const { test } = require("node:test");
const pages = "../../../lenet_keras/pages";
const { forward, readNetwork } = require(`${pages}/network.js`);
const { decodeDigits, grey, signed } = require(`${pages}/parts.js`);
const { fieldOf, freshNetwork } = require(`${pages}/units.js`);

const { network: description, digits, images, rows } = JSON.parse(readFileSync(process.env.PAGES_CASES, "utf-8"));
const network = readNetwork(description);

test("fields are as wide, and as far apart, as lk.anatomy counts", () => {
  rows.forEach(({ name, field, step }) => {
    const number = network.layers.findIndex((layer) => layer.name === name);
    const first = fieldOf(network, number, 0, 0);
    assert.deepStrictEqual([first.row, first.column, first.rows, first.columns], [0, 0, ...field], name);
    if (!step) return;
    const other = fieldOf(network, number, 3, 2);
    assert.deepStrictEqual([other.row, other.column], [3 * step[0], 2 * step[1]], name);
  });
});

test("a unit does not change when what lies outside its field does", () => {
  const image = Float32Array.from(images[0]);
  const field = fieldOf(network, 2, 3, 4);
  const inside = (i) => {
    const [row, column] = [Math.floor(i / 32), i % 32];
    return (
      row >= field.row && row < field.row + field.rows && column >= field.column && column < field.column + field.columns
    );
  };
  const outside = image.map((value, i) => (inside(i) ? value : 1));
  const at = (3 * 10 + 4) * 16 + 5;
  assert.strictEqual(forward(network, image)[2].values[at], forward(network, outside)[2].values[at]);
});

test("digits come back as they were", () => {
  decodeDigits(digits, 32 * 32, network.grey).forEach((image, k) => {
    image.forEach((value, i) => assert.ok(Math.abs(value - images[k][i]) < 1e-6));
  });
});

test("a fresh network is drawn anew, within Glorot's limits, and the same for the same seed", () => {
  const [one, again, other] = [freshNetwork(network, 1), freshNetwork(network, 1), freshNetwork(network, 2)];
  assert.deepStrictEqual(one.layers[0].weights, again.layers[0].weights);
  assert.notDeepStrictEqual(one.layers[0].weights, other.layers[0].weights);
  one.layers.forEach((layer, number) => {
    if (!layer.kernel) return;
    const places = layer.kernel.slice(0, -2).reduce((a, b) => a * b, 1);
    const limit = Math.sqrt(6 / (places * (layer.kernel.at(-1) + layer.kernel.at(-2))));
    const largest = layer.weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    assert.ok(largest <= limit && largest > 0.9 * limit, `layer ${number}`);
    assert.ok(layer.biases.every((bias) => bias === 0));
  });
});

test("colours: white at zero, orange above, purple below; paper white, ink black", () => {
  assert.deepStrictEqual(signed(0), [255, 255, 255, 255]);
  assert.deepStrictEqual(signed(2), [230, 97, 1, 255]);
  assert.deepStrictEqual(signed(-1), [94, 60, 153, 255]);
  assert.deepStrictEqual([grey(-0.1, [-0.1, 1.175]), grey(1.175, [-0.1, 1.175])], [
    [255, 255, 255, 255],
    [0, 0, 0, 255],
  ]);
});
