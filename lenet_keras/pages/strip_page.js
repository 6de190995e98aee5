// A wide sheet on which numbers are written, and read while they are written by the network swept over it.

function startStrip(root, { network: description, drawing, samples, price, passes }) {
  const network = readNetwork(description);
  const [height, width] = network.input;
  const state = { text: "", path: [], image: null, map: null };

  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "A wide sheet: write a number, and the network reads it");
  const reads = make("p", { className: "ls-reads", role: "status" }, root);
  const label = "A wide sheet to write a number on, with mouse, pen or finger; Escape wipes it";
  const shape = { label, width: 1280, height: 256, pen: 0.012 };
  const paper = makePaper(root, shape, (speak) => (speak ? update() : soon()));
  const buttons = make("div", { className: "lp-row" }, root);
  const button = (textContent, act) => {
    make("button", { type: "button", textContent }, buttons).addEventListener("click", act);
  };
  button("Clear", () => paper.set([]));
  button("Undo", () => paper.undo());
  button("An example", () => paper.set(example([3, 1, 4, 1, 5])));
  make("p", { className: "lp-caption", textContent: "What the network is given, and its outputs place by place" }, root);
  const seen = make("canvas", { className: "ls-seen", width, height, role: "img", "aria-label": "The line as an image" }, root);
  const places = network.layers[network.layers.length - 1].shape[1];
  const classes = network.layers[network.layers.length - 1].shape[2];
  const alt = { role: "img", "aria-label": "Probabilities of the ten digits and the blank, place by place" };
  const outputs = make("canvas", { className: "ls-map", width: 1280, height: 22 * classes, ...alt }, root);

  /** Some of the sample digits side by side. */
  function example(numbers) {
    return numbers.flatMap((digit, k) =>
      samples[digit].map((stroke) => stroke.map(([x, y]) => [0.06 + 0.14 * k + 0.18 * x, 0.01 + 0.18 * y]))
    );
  }

  let due = 0;
  function soon() {
    if (!due) due = requestAnimationFrame(update);
  }

  function update() {
    cancelAnimationFrame(due);
    due = 0;
    paper.draw();
    if (paper.strokes().length === 0) {
      Object.assign(state, { text: "", path: [], image: null, map: null });
      for (const canvas of [seen, outputs]) canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
      reads.textContent = "The sheet is blank: write a number on it.";
      return;
    }
    state.image = drawLine(paper.strokes(), drawing, [height, width], network.grey).image;
    state.map = sweep(network, state.image, passes);
    Object.assign(state, decodeMap(state.map, price));
    paint(seen, (y, x) => grey(state.image[y * width + x], network.grey));
    paintMap();
    reads.textContent = state.text ? `The network reads ${state.text}.` : "The network reads no digit.";
  }

  /** A row for each class, a column for each place, as far across as its window's middle lies in the image. */
  function paintMap() {
    const context = outputs.getContext("2d");
    const step = ((outputs.width / width) * ((width - 32) / Math.max(1, places - 1))) / passes;
    const first = (outputs.width / width) * 16;
    context.clearRect(0, 0, outputs.width, outputs.height);
    context.font = "18px sans-serif";
    state.map.forEach((row, place) => {
      const x = first + place * step - step / 2;
      row.forEach((value, k) => {
        const share = Math.exp(value);
        const chosen = state.path[place] === k;
        const part = Math.round(255 * (1 - share));
        context.fillStyle = chosen ? `rgb(255, ${150 + Math.round(105 * (1 - share))}, ${part})` : `rgb(${part}, ${part}, ${part})`;
        if (share > 0.02) context.fillRect(x, 22 * k, step - 1, 21);
        if (chosen) {
          context.strokeStyle = "#D55E00";
          context.strokeRect(x, 22 * k + 0.5, step - 1, 20);
        }
      });
    });
    context.fillStyle = "#222";
    for (let k = 0; k < classes; k++) context.fillText(k === classes - 1 ? "–" : k, 4, 22 * k + 17);
  }

  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    paper.set([]);
    event.preventDefault();
  });
  root.lenetStrip = { state, set: (strokes) => paper.set(strokes), example };
  update();
}

startOnce("lenet-strip", startStrip);
