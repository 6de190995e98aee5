// node --test: the ledger of lesson 17 without a page; run by tests/test_ledger.py.
const assert = require("node:assert");
const { test } = require("node:test");
const { chosenRows, countVerdicts, lessonsOf, placeOf } = require("../../../lenet_keras/pages/ledger.js");

const verdicts = { holds: "#000", differs: "#111", "not tried": "#222" };
const rows = [
  { id: 1, section: "I-A", claim: "The gap falls.", figure: "α 0.7", verdict: "differs", lesson: "17_the_result", cell: 9 },
  { id: 2, section: "II", claim: "Pixels agree.", figure: "0.75", verdict: "holds", lesson: "01_digits", cell: 4 },
  { id: 3, section: "II", claim: "It needs gaps.", figure: "none", verdict: "not tried", lesson: null, cell: null },
  { id: 4, section: "II", claim: "Pixels shift.", figure: "0 %", verdict: "holds", lesson: "17_the_result", cell: 2 },
];
const ids = (choice) => chosenRows(rows, verdicts, choice).map((row) => row.id);

test("rows stand by verdict, then by number, and those given are not changed", () => {
  assert.deepStrictEqual(ids({}), [2, 4, 1, 3]);
  assert.deepStrictEqual(rows.map((row) => row.id), [1, 2, 3, 4]);
});

test("a verdict, a lesson and words narrow them down together", () => {
  assert.deepStrictEqual(ids({ verdict: "holds" }), [2, 4]);
  assert.deepStrictEqual(ids({ lesson: "17" }), [4, 1]);
  assert.deepStrictEqual(ids({ verdict: "holds", lesson: "17" }), [4]);
  assert.deepStrictEqual(ids({ words: "GAP" }), [1, 3]);
  assert.deepStrictEqual(ids({ words: "  pixels  shift " }), [4]);
  assert.deepStrictEqual(ids({ words: "i-a" }), [1]);
  assert.deepStrictEqual(ids({ words: "no such word" }), []);
});

test("verdicts are counted, lessons listed, and places said", () => {
  assert.deepStrictEqual(countVerdicts(rows, verdicts), [["holds", 2], ["differs", 1], ["not tried", 1]]);
  assert.deepStrictEqual(lessonsOf(rows), ["01", "17"]);
  assert.strictEqual(placeOf(rows[0]), "lesson 17, cell 9");
  assert.strictEqual(placeOf(rows[2]), "–");
});
