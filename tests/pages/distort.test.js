// node --test: distortions against lenet_keras.distort. tests/test_pages.py writes the cases, and runs this.
const assert = require("node:assert");
const { readFileSync } = require("node:fs");
const { test } = require("node:test");
const { affineMap, invert, thicken, warp } = require("../../lenet_keras/pages/distort.js");

const { distortions } = JSON.parse(readFileSync(process.env.PAGES_CASES, "utf-8"));

test(`${distortions.length} distorted images are Python's`, () => {
  for (const { image, size, grey, values, shift, amount, warped, thick } of distortions) {
    const found = warp(image, size, affineMap(values), shift, grey[0]);
    found.forEach((value, i) => assert.ok(Math.abs(value - warped[i]) < 2e-4, `pixel ${i}: ${value}, ${warped[i]}`));
    const strokes = thicken(image, size, amount, grey[0]);
    strokes.forEach((value, i) => assert.ok(Math.abs(value - thick[i]) < 1e-5));
  }
});

test("a pixel is inverted where its chance lies below the probability", () => {
  const found = invert(Float32Array.from([0, 1, 0.25]), [0.1, 0.1, 0.5], 0.2, [0, 1]);
  assert.deepStrictEqual([...found], [1, 0, 0.25]);
});
