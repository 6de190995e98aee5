// node --test: strokes -> digit, against Python's. tests/test_pages.py writes the strokes and images, and runs this.
const assert = require("node:assert");
const { readFileSync } = require("node:fs");
const { test } = require("node:test");
const { centreInk, frameInk, prepare } = require("../../lenet_keras/pages/drawing.js");

const { drawing, grey, drawings, placed } = JSON.parse(readFileSync(process.env.PAGES_CASES, "utf-8"));

test(`${drawings.length} drawings become the images that Python makes of them`, () => {
  for (const { strokes, size, image } of drawings) {
    const found = frameInk(prepare(strokes, drawing), drawing.field, size, grey);
    assert.strictEqual(found.length, image.length);
    const apart = Array.from(found, (value, k) => Math.abs(value - image[k]));
    // One of a pixel's 64 fine places may lie on the pen's edge, where the last bit of a number decides.
    assert.ok(Math.max(...apart) < 1.5 * (grey[1] - grey[0]) / 64);
    assert.ok(apart.filter((difference) => difference > 1e-6).length <= 2);
  }
});

test(`${placed.length} pieces of ink are placed where Python places them`, () => {
  for (const { ink, centred } of placed) {
    assert.deepStrictEqual(Array.from(centreInk(ink, drawing.field), (value) => Math.round(255 * value)), centred);
  }
});
