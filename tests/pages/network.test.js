// node --test: the forward pass against Keras. tests/test_pages.py writes the networks, images and values, and runs this.
const assert = require("node:assert");
const { readFileSync } = require("node:fs");
const { test } = require("node:test");
const { forward, readNetwork, softmax } = require("../../lenet_keras/pages/network.js");

const networks = JSON.parse(readFileSync(process.env.PAGES_CASES, "utf-8")).networks;

for (const { name, network, images, layers } of networks) {
  test(`${name}: every layer for ${images.length} images`, () => {
    const read = readNetwork(network);
    images.forEach((image, i) => {
      const found = forward(read, image);
      assert.strictEqual(found.length, layers.length);
      found.forEach(({ height, width, maps, values }, number) => {
        const wanted = layers[number][i];
        assert.deepStrictEqual([height, width, maps], network.layers[number].shape);
        assert.strictEqual(values.length, wanted.length);
        values.forEach((value, k) => assert.ok(Math.abs(value - wanted[k]) < 1e-4, `layer ${number}, value ${k}`));
      });
    });
  });
}

test("softmax: shares that add up to 1, also of large outputs", () => {
  const shares = softmax([1000, 1000 + Math.log(3)]);
  assert.ok(Math.abs(shares[0] - 0.25) < 1e-9 && Math.abs(shares[1] - 0.75) < 1e-9);
});
