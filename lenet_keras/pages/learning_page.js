// The pad that learns: some digits of one's own, steps of descent on them, and what the network forgets meanwhile.

function startLearning(root, { network: description, drawing, digits, labels, rate, steps: stepsOnce }) {
  let network = readNetwork(description);
  const kept = decodeDigits(digits, network.input[0] * network.input[1], network.grey).map((image, number) => ({
    image,
    label: labels[number],
  }));
  const own = []; // {image, label}
  const losses = [];
  const state = { own: 0, steps: 0, losses, before: null, after: null, answer: null, busy: false };

  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "A pad that learns the digits that you draw");
  const top = make("div", { className: "ll-top" }, root);
  const writing = make("div", { className: "ll-writing" }, top);
  const reads = make("p", { className: "ll-says", role: "status" }, writing);
  const label = "Paper to draw a digit on, with mouse, pen or finger; Escape wipes it";
  const paper = makePaper(writing, { label }, (speak) => (paper.draw(), read(speak)));
  make("p", { className: "lp-caption", textContent: "Which digit is it? Its button keeps it:" }, writing);
  const names = make("div", { className: "lp-row", role: "group", "aria-label": "Which digit is it?" }, writing);
  const nameButtons = Array.from({ length: 10 }, (_, digit) => {
    const button = make("button", { type: "button", textContent: digit, "aria-label": `It is a ${digit}` }, names);
    button.addEventListener("click", () => keep(digit));
    return button;
  });
  const right = make("div", { className: "ll-right" }, top);
  const mine = make("div", { className: "ll-mine", role: "group", "aria-label": "Your digits" }, right);
  const buttons = make("div", { className: "lp-row" }, right);
  const learnButton = make("button", { type: "button", textContent: `Learn: ${stepsOnce} steps` }, buttons);
  learnButton.addEventListener("click", learn);
  const againButton = make("button", { type: "button", textContent: "Forget all this" }, buttons);
  againButton.addEventListener("click", startAgain);
  const told = make("p", { className: "ll-told", role: "status" }, right);
  const alt = { role: "img", "aria-label": "The loss on your digits, step by step" };
  const curve = make("canvas", { className: "ll-curve", width: 520, height: 160, ...alt }, right);

  const imageOf = () => frameInk(prepare(paper.strokes(), drawing), drawing.field, network.input, network.grey);
  const outputs = (image) => forward(network, image).slice(-1)[0].values;
  const answerTo = (image) => outputs(image).reduce((best, value, k, all) => (value > all[best] ? k : best), 0);
  const wrong = (some) => some.filter(({ image, label: digit }) => answerTo(image) !== digit).length;

  function read() {
    const blank = paper.strokes().length === 0;
    for (const button of nameButtons) button.disabled = blank || state.busy;
    state.answer = blank ? null : answerTo(imageOf());
    const share = blank ? 0 : Math.max(...softmax(outputs(imageOf())));
    const found = `The network reads ${state.answer} (${(100 * share).toFixed(0)} %).`;
    reads.textContent = blank ? "Draw a digit in your own way." : found;
  }

  function keep(digit) {
    if (paper.strokes().length === 0) return;
    own.push({ image: imageOf(), label: digit });
    state.own = own.length;
    paper.set([]);
    show();
  }

  function show() {
    mine.replaceChildren();
    for (const { image, label: digit } of own) {
      const answer = answerTo(image);
      const box = make("figure", { className: answer === digit ? "" : "ll-wrong" }, mine);
      const [height, width] = network.input;
      const canvas = make("canvas", { width, height, role: "img", "aria-label": `your ${digit}` }, box);
      paint(canvas, (y, x) => grey(image[y * width + x], network.grey));
      make("figcaption", { textContent: `${digit}, read as ${answer}` }, box);
    }
    state.after = wrong(kept);
    if (state.before === null) state.before = state.after;
    const yours = own.length ? `Of your ${own.length} digits ${wrong(own)} are misread. ` : "";
    const others = `Of ${kept.length} digits by others ${state.after} are misread; before it learned, ${state.before}.`;
    told.textContent = `${yours}${others} Steps so far: ${state.steps}.`;
    learnButton.disabled = own.length === 0 || state.busy;
    againButton.disabled = state.steps === 0 || state.busy;
    drawCurve();
    read();
  }

  function drawCurve() {
    const context = curve.getContext("2d");
    context.clearRect(0, 0, curve.width, curve.height);
    context.font = "15px sans-serif";
    context.fillStyle = "#222";
    if (!losses.length) return;
    const most = Math.max(...losses);
    const place = (loss, step) => [50 + (step / Math.max(1, losses.length - 1)) * 450, 20 + (1 - loss / most) * 120];
    context.fillText(`loss on your digits: ${losses[losses.length - 1].toFixed(2)}`, 180, 16);
    context.fillText(most.toFixed(1), 8, 26);
    context.fillText("0", 30, 145);
    context.strokeStyle = "#999";
    context.strokeRect(50, 20, 450, 120);
    context.strokeStyle = "#D55E00";
    context.lineWidth = 2;
    context.beginPath();
    losses.forEach((loss, step) => context.lineTo(...place(loss, step)));
    context.stroke();
  }

  /** Steps, one for each picture on the screen. */
  function learn() {
    state.busy = true;
    let left = stepsOnce;
    const one = () => {
      losses.push(learnOnce(network, own, rate));
      state.steps++;
      left--;
      if (left) requestAnimationFrame(one);
      else state.busy = false;
      if (left % 5 === 0) show();
      else drawCurve();
    };
    show();
    requestAnimationFrame(one);
  }

  function startAgain() {
    network = readNetwork(description);
    losses.length = 0;
    state.steps = 0;
    show();
  }

  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    paper.set([]);
    event.preventDefault();
  });
  // For the tests: what was found last, and a digit kept without drawing it.
  root.lenetLearning = {
    state,
    keepStrokes: (strokes, digit) => (paper.set(strokes), keep(digit)),
  };
  paper.draw();
  show();
}

startOnce("lenet-learning", startLearning);
