// node --test: maps of kernels, against SciPy's. tests/test_pages.py writes the cases, and runs this.
const assert = require("node:assert");
const { readFileSync } = require("node:fs");
const { test } = require("node:test");
const { cornerFor, products, slide, total, windowAt } = require("../../lenet_keras/pages/slide.js");

const { slides } = JSON.parse(readFileSync(process.env.PAGES_CASES, "utf-8"));

test(`${slides.length} maps are SciPy's`, () => {
  for (const { image, kernel, map } of slides) {
    const found = slide(image, kernel);
    assert.deepStrictEqual(found.map((row) => row.length), map.map((row) => row.length));
    found.forEach((row, y) => row.forEach((value, x) => assert.ok(Math.abs(value - map[y][x]) < 1e-12)));
  }
});

test("a window, its products and their sum", () => {
  const image = [[1, 2, 3], [4, 5, 6], [7, 8, 9]];
  const seen = windowAt(image, [2, 2], 1, 0);
  assert.deepStrictEqual(seen, [[4, 5], [7, 8]]);
  const parts = products(seen, [[1, 0], [2, -1]]);
  assert.deepStrictEqual(parts, [[4, 0], [14, -8]]);
  assert.strictEqual(total(parts), 10);
});

test("the window's middle follows the pointer, and the window stays inside", () => {
  const [image, kernel] = [Array(32).fill(Array(32).fill(0)), Array(3).fill([0, 0, 0])];
  assert.deepStrictEqual(cornerFor([16.5 / 32, 10.5 / 32], image, kernel), [9, 15]);
  assert.deepStrictEqual(cornerFor([0, 0], image, kernel), [0, 0]);
  assert.deepStrictEqual(cornerFor([1, 1.2], image, kernel), [29, 29]);
  assert.deepStrictEqual(cornerFor([0.99, 0.01], image, [[1]]), [0, 31]);
});
