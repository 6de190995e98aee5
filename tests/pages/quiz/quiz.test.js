// node --test: the quiz of lesson 08 without a page; run by tests/test_quiz.py.
const assert = require("node:assert");
const { test } = require("node:test");
const { newQuiz, current, answered, score, verdict } = require("../../../lenet_keras/pages/quiz.js");

const cards = [
  { label: 4, answer: 9 },
  { label: 7, answer: 1 },
  { label: 3, answer: 5 },
];

test("cards come one after the other, and answers are counted", () => {
  let quiz = newQuiz(cards);
  assert.strictEqual(current(quiz), cards[0]);
  assert.strictEqual(verdict(quiz), "");
  quiz = answered(quiz, 4);
  assert.strictEqual(verdict(quiz), "You said 4, as the label says. Label 4, network 9.");
  quiz = answered(quiz, 1);
  assert.strictEqual(verdict(quiz), "You said 1, as the network. Label 7, network 1.");
  const before = quiz;
  quiz = answered(quiz, 8);
  assert.strictEqual(verdict(quiz), "You said 8, as nobody. Label 3, network 5.");
  assert.strictEqual(current(quiz), null);
  assert.deepStrictEqual(score(quiz), { asLabel: 1, asNetwork: 1, neither: 1, done: 3 });
  assert.strictEqual(before.given.length, 2); // the quiz before is as it was
  assert.strictEqual(answered(quiz, 5), quiz); // no answer after the last card
});
