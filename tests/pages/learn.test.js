// node --test: slopes against TensorFlow's tape. tests/test_pages.py writes the cases, and runs this.
const assert = require("node:assert");
const { readFileSync } = require("node:fs");
const { test } = require("node:test");
const { learnOnce, slopesOf, zeros } = require("../../lenet_keras/pages/learn.js");
const { forward, readNetwork, softmax } = require("../../lenet_keras/pages/network.js");

const networks = JSON.parse(readFileSync(process.env.PAGES_CASES, "utf-8")).networks.filter(({ slopes }) => slopes);

for (const { name, network, images, slopes } of networks) {
  test(`${name}: the slopes of ${slopes.weights.length} arrays of weights are the tape's`, () => {
    const read = readNetwork(network);
    const own = zeros(read);
    const loss = slopesOf(read, Float32Array.from(images[0]), slopes.label, own);
    assert.ok(Math.abs(loss - slopes.loss) < 1e-4 * Math.max(1, slopes.loss), `${loss}, ${slopes.loss}`);
    const arrays = own.flatMap((each, number) => {
      if (!each) return [];
      return read.layers[number].bias === false ? [each.weights] : [each.weights, each.biases];
    });
    assert.strictEqual(arrays.length, slopes.weights.length);
    arrays.forEach((array, k) => {
      const wanted = slopes.weights[k];
      assert.strictEqual(array.length, wanted.length);
      const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
      array.forEach((slope, i) => assert.ok(Math.abs(slope - wanted[i]) < 1e-4 * Math.max(1, largest), `array ${k}, ${i}`));
    });
  });
}

test("steps on a few digits make their loss fall, and the answer theirs", () => {
  const read = readNetwork(networks[0].network);
  const digits = [0, 1, 2].map((k) => ({ image: Float32Array.from(networks[0].images[k]), label: 9 - k }));
  const losses = Array.from({ length: 30 }, () => learnOnce(read, digits, 0.05));
  assert.ok(losses[29] < 0.2 * losses[0], `${losses[0]}, ${losses[29]}`);
  for (const { image, label } of digits) {
    const shares = softmax(forward(read, image)[read.layers.length - 1].values);
    assert.strictEqual(shares.indexOf(Math.max(...shares)), label);
  }
});
