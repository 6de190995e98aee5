// The quiz of lesson 08, without a page: which card is next, what was answered, and the score.

function newQuiz(cards) {
  return { cards, given: [] };
}

function current(quiz) {
  return quiz.given.length < quiz.cards.length ? quiz.cards[quiz.given.length] : null;
}

// The quiz after an answer to the current card; the given one is not changed.
function answered(quiz, digit) {
  return current(quiz) === null ? quiz : { ...quiz, given: [...quiz.given, digit] };
}

function score({ cards, given }) {
  const asLabel = given.filter((digit, k) => digit === cards[k].label).length;
  const asNetwork = given.filter((digit, k) => digit === cards[k].answer).length;
  return { asLabel, asNetwork, neither: given.length - asLabel - asNetwork, done: given.length };
}

// What is said of the card that was answered last.
function verdict({ cards, given }) {
  if (!given.length) return "";
  const { label, answer } = cards[given.length - 1];
  const digit = given[given.length - 1];
  const agreed = digit === label ? "as the label says" : digit === answer ? "as the network" : "as nobody";
  return `You said ${digit}, ${agreed}. Label ${label}, network ${answer}.`;
}

if (typeof module !== "undefined") module.exports = { newQuiz, current, answered, score, verdict };
