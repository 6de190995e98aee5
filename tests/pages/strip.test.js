// node --test: the best path through a map of outputs, against lenet_keras.strings. tests/test_pages.py runs this.
const assert = require("node:assert");
const { readFileSync } = require("node:fs");
const { test } = require("node:test");
const { forward, readNetwork } = require("../../lenet_keras/pages/network.js");
const { decodeMap, drawLine, sweep } = require("../../lenet_keras/pages/strip.js");

globalThis.forward = forward; // on a page the scripts share their names
const { maps, drawing, sweeps } = JSON.parse(readFileSync(process.env.PAGES_CASES, "utf-8"));

test(`${maps.length} maps are read as Python reads them`, () => {
  for (const { map, price, text } of maps) assert.strictEqual(decodeMap(map, price).text, text);
});

for (const { network, image, passes, map } of sweeps) {
  test(`${passes} passes give the map that Keras gives`, () => {
    const found = sweep(readNetwork(network), Float32Array.from(image), passes);
    assert.strictEqual(found.length, map.length);
    found.forEach((row, place) => row.forEach((value, k) => assert.ok(Math.abs(value - map[place][k]) < 1e-3)));
  });
}

test("between two equal digits there must be a blank", () => {
  const sure = (k) => Array.from({ length: 11 }, (_, each) => (each === k ? 0 : -20));
  assert.strictEqual(decodeMap([1, 1, 10, 1, 2].map(sure), 1).text, "112");
  assert.strictEqual(decodeMap([10, 10].map(sure), 1).text, "");
});

test("a line is made 20 pixels high, in the middle of the rows, with room before it", () => {
  const size = [32, 224];
  const strokes = [[[0.1, 0.02], [0.1, 0.12]], [[0.5, 0.02], [0.5, 0.12]]];
  const { image } = drawLine(strokes, drawing, size, [0, 1]);
  const rows = Array.from({ length: 32 }, (_, r) => image.subarray(224 * r, 224 * r + 224).some((value) => value > 0.5));
  assert.deepStrictEqual([rows.indexOf(true), rows.lastIndexOf(true)], [6, 25]);
  const columns = Array.from({ length: 224 }, (_, c) => image[224 * 16 + c] > 0.5);
  assert.deepStrictEqual([columns.indexOf(true), columns.indexOf(true) < columns.lastIndexOf(true)], [8, true]);
  // As far apart as on the paper, at the same scale: 0.4 of the width, at 17.2 pixels for 0.1.
  const second = columns.indexOf(true, 40);
  assert.ok(Math.abs(second - (8 + 4 * 17.2)) <= 1, second);
});
