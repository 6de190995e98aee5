// node --test: what lies under the pointer.
const assert = require("node:assert");
const { test } = require("node:test");
const { coverAt, fadeAt } = require("../../../lenet_keras/pages/fading.js");

test("a window fades wholly in its middle, half at its spread, hardly far away", () => {
  const faded = fadeAt(new Float32Array(32 * 32).fill(1), 32, 10, 12, 3, 0);
  assert.strictEqual(faded[10 * 32 + 12], 0);
  assert.ok(Math.abs(faded[10 * 32 + 15] - 0.5) < 1e-6 && Math.abs(faded[7 * 32 + 12] - 0.5) < 1e-6);
  assert.ok(faded[30 * 32 + 12] > 0.9999);
});

test("a square covers 7×7 pixels and no other", () => {
  const covered = coverAt(new Float32Array(32 * 32).fill(1), 32, 10, 12, 3, 0);
  assert.strictEqual(covered.filter((value) => value === 0).length, 49);
  assert.strictEqual(covered[13 * 32 + 15], 0);
  assert.strictEqual(covered[14 * 32 + 15], 1);
});
