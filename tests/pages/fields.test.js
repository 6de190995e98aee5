// node --test: what a unit sees and how its value comes about. tests/test_pages.py writes the networks, and runs this.
const assert = require("node:assert");
const { readFileSync } = require("node:fs");
const { test } = require("node:test");
const { explain, receptiveField, steps } = require("../../lenet_keras/pages/fields.js");
const { forward, readNetwork } = require("../../lenet_keras/pages/network.js");

const networks = JSON.parse(readFileSync(process.env.PAGES_CASES, "utf-8")).networks;
const apply = {
  linear: (a) => a,
  tanh: Math.tanh,
  relu: (a) => Math.max(0, a),
  squash: (a) => 1.7159 * Math.tanh((2 * a) / 3),
};

for (const { name, network, images } of networks) {
  test(`${name}: the value of every fifth unit is what its explanation says`, () => {
    const read = readNetwork(network);
    const values = forward(read, images[0]);
    const [height, width] = network.input;
    const image = { height, width, maps: 1, values: Float32Array.from(images[0]) };
    read.layers.forEach((layer, number) => {
      if (layer.kind === "flatten" || layer.kind === "activation") return;
      const [before, after] = [number ? values[number - 1] : image, values[number]];
      for (let unit = 0; unit < after.values.length; unit += 5) {
        const map = unit % after.maps;
        const place = Math.floor(unit / after.maps);
        const at = [Math.floor(place / after.width), place % after.width];
        const found = explain(read, before, after, number, at, map);
        assert.strictEqual(found.value, after.values[unit]);
        const wanted = apply[layer.activation || "linear"](found.sum);
        assert.ok(Math.abs(found.value - wanted) < 1e-3, `${layer.name}, unit ${unit}: ${found.value}, ${wanted}`);
        const field = receptiveField(read, number, at);
        assert.strictEqual(field.length, number + 1);
        assert.strictEqual(field[number].number, -1);
      }
    });
  });
}

test("LeNet-5's receptive fields are those of its layers: 5, 6, 14, 16 and 32 pixels", () => {
  const read = readNetwork(networks[0].network);
  const sides = [5, 6, 14, 16, 32];
  read.layers.slice(0, 5).forEach((layer, number) => {
    const [field] = receptiveField(read, number, [0, 0]).slice(-1);
    assert.deepStrictEqual([field.rows, field.columns], [[0, sides[number] - 1], [0, sides[number] - 1]], layer.name);
  });
  const [moved] = receptiveField(read, 2, [3, 9]).slice(-1);
  assert.deepStrictEqual([moved.rows, moved.columns], [[6, 19], [18, 31]]);
  const [whole] = receptiveField(read, read.layers.length - 1, [0, 0]).slice(-1);
  assert.deepStrictEqual([whole.rows, whole.columns], [[0, 31], [0, 31]]);
  assert.deepStrictEqual(steps(read).slice(0, 5), [[1, 1], [2, 2], [2, 2], [4, 4], [4, 4]]);
});

test("in the network of 1998 a map of C3 is explained by the maps that Table I links it to", () => {
  const { network, images } = networks[networks.length - 1];
  const read = readNetwork(network);
  const values = forward(read, images[0]);
  const linked = [0, 6, 12, 15].map((map) => explain(read, values[1], values[2], 2, [4, 4], map).parts.map((p) => p.map));
  assert.deepStrictEqual(linked, [[0, 1, 2], [0, 1, 2, 3], [0, 1, 3, 4], [0, 1, 2, 3, 4, 5]]);
});
