// The collector's order and file, without a browser: node --test tests/pages
const test = require("node:test");
const assert = require("node:assert");
const { orderOfDigits, collection } = require("../../lenet_keras/pages/collecting.js");

test("every digit is asked for once in each round, in an order that chance decides", () => {
  let state = 1;
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
  const order = orderOfDigits(3, random);
  assert.strictEqual(order.length, 30);
  for (let round = 0; round < 3; round++) {
    const digits = order.slice(10 * round, 10 * round + 10);
    assert.deepStrictEqual([...digits].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.notDeepStrictEqual(digits, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
  assert.deepStrictEqual(orderOfDigits(1, () => 0), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("what is saved has three places after the point", () => {
  const saved = collection("f", "w1", [{ digit: 7, strokes: [[[0.12345, 1], [0.5, 0.9996]]] }]);
  assert.deepStrictEqual(saved, { format: "f", writer: "w1", digits: [{ digit: 7, strokes: [[[0.123, 1], [0.5, 1]]] }] });
});
