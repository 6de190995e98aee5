// The quiz on the page: one digit at a time, ten buttons, and what was said of those before.

function startQuiz(root, { cards, side }) {
  let quiz = newQuiz(cards);

  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Quiz: which digit is this?");
  const heading = make("p", { className: "lq-heading" }, root);
  const paper = make("canvas", { width: side, height: side, className: "lq-paper" }, root);
  const row = make("div", { className: "lq-row" }, root);
  const said = make("p", { className: "lq-said" }, root);
  said.setAttribute("role", "status");
  for (let digit = 0; digit < 10; digit++) {
    make("button", { type: "button", textContent: digit, onclick: () => answer(digit) }, row);
  }
  const again = make("button", { type: "button", textContent: "again", onclick: () => show(newQuiz(cards)) }, row);

  function draw(card) {
    const context = paper.getContext("2d");
    const pixels = context.createImageData(side, side);
    const greys = atob(card.image);
    for (let k = 0; k < side * side; k++) {
      pixels.data.fill(greys.charCodeAt(k), 4 * k, 4 * k + 3);
      pixels.data[4 * k + 3] = 255;
    }
    context.putImageData(pixels, 0, 0);
  }

  function answer(digit) {
    show(answered(quiz, digit));
  }

  function show(now) {
    quiz = now;
    const card = current(quiz);
    const { asLabel, asNetwork, neither, done } = score(quiz);
    heading.textContent = card
      ? `Digit ${done + 1} of ${cards.length}: what do you read?`
      : `Of ${done}: ${asLabel} as the label, ${asNetwork} as the network, ${neither} as neither.`;
    said.textContent = verdict(quiz);
    if (card) draw(card);
    for (const button of row.children) button.disabled = !card && button !== again;
  }

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[0-9]$/.test(event.key)) return;
    answer(Number(event.key));
    event.preventDefault();
    event.stopPropagation();
  });
  root.lenetQuiz = { answer, score: () => score(quiz) }; // for the tests
  show(quiz);
}

startOnce("lenet-quiz", startQuiz);
