// A pad on which F6's answer is seen as the drawing that it is, beside the ten drawings and their distances.
// element.py puts parts.js, paper.js, network.js and drawing.js before it.

const [ROWS, COLUMNS] = [12, 7];

/** The grey of a point: black at 1 and above, white at -1 and below. */
function inkOf(value) {
  return grey(value, [-1, 1]);
}

/** The places of the distances, the smallest first. */
function nearestFirst(distances) {
  return Array.from(distances.keys()).sort((a, b) => distances[a] - distances[b]);
}

function startDrawn(root, { network: description, drawing, samples, limit }) {
  const network = readNetwork(description);
  const vectors = network.layers[network.layers.length - 1].weights;

  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Pad: draw a digit, and F6 draws its answer");
  const says = make("p", { className: "ld-says", role: "status" }, root);
  const top = make("div", { className: "ld-top" }, root);

  const writing = make("div", {}, top);
  make("div", { className: "ld-caption", textContent: "Draw a digit here" }, writing);
  const label =
    "Paper to draw a digit on, with mouse, pen or finger. Keys: 0 to 9 for a sample digit, Escape to clear";
  const paper = makePaper(writing, { label }, () => update());
  const row = make("div", { className: "ld-row" }, writing);
  const clearButton = make("button", { type: "button", textContent: "Clear" }, row);
  samples.forEach((_, digit) => {
    const button = make("button", { type: "button", textContent: digit, "aria-label": `Sample ${digit}` }, row);
    button.addEventListener("click", () => showSample(digit));
  });

  const picture = { width: COLUMNS, height: ROWS, role: "img" };
  const answering = make("div", {}, top);
  make("div", { className: "ld-caption", textContent: "F6 draws" }, answering);
  const answer = make("canvas", { ...picture, className: "ld-answer", "aria-label": "The 84 outputs of F6" }, answering);

  const comparing = make("div", { className: "ld-comparing" }, top);
  make("div", { className: "ld-caption", textContent: "The ten drawings, and their distances from F6" }, comparing);
  const ten = make("div", { className: "ld-ten" }, comparing);
  const tiles = samples.map((_, digit) => {
    const tile = make("div", { className: "ld-tile" }, ten);
    const canvas = make("canvas", { ...picture, "aria-label": `The drawing of ${digit}` }, tile);
    paint(canvas, (y, x) => inkOf(vectors[(digit * ROWS + y) * COLUMNS + x]));
    return { tile, distance: make("span", {}, tile) };
  });

  const state = { f6: null, distances: null };

  function update() {
    paper.draw();
    const strokes = paper.strokes();
    Object.assign(state, { f6: null, distances: null });
    if (strokes.length) {
      const image = frameInk(prepare(strokes, drawing), drawing.field, network.input, network.grey);
      const layers = forward(network, image);
      state.f6 = Array.from(layers[layers.length - 2].values);
      state.distances = Array.from(layers[layers.length - 1].values);
    }
    paint(answer, (y, x) => (state.f6 ? inkOf(state.f6[y * COLUMNS + x]) : [255, 255, 255, 255]));
    const [first, second] = state.f6 ? nearestFirst(state.distances) : [];
    tiles.forEach(({ tile, distance }, digit) => {
      tile.className = digit === first ? "ld-tile ld-best" : "ld-tile";
      distance.textContent = `${digit}: ${state.f6 ? state.distances[digit].toFixed(0) : "–"}`;
    });
    says.textContent = sentence(first, second);
  }

  function sentence(first, second) {
    if (first === undefined) return "The pad is blank: draw a digit.";
    const [near, next] = [first, second].map((digit) => state.distances[digit].toFixed(1));
    const told = `Nearest is the drawing of ${first}, at ${near}; then that of ${second}, at ${next}.`;
    return limit !== null && state.distances[first] > limit ? `${told} Beyond ${limit}: refused.` : told;
  }

  const clear = () => paper.set([]);
  const showSample = (digit) => paper.set(samples[digit]);
  clearButton.addEventListener("click", clear);
  listenToKeys(root, { clear, undo: paper.undo, showSample });
  root.lenetDrawn = { state }; // for the tests
  update();
}

startOnce("lenet-drawn", startDrawn);
