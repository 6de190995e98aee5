// The drawing pad: its parts on the page, the pen, and what is shown of the network while it reads.
// element.py puts parts.js, paper.js, network.js, drawing.js and this file into one function, beside what export.py tells of the
// network. Nothing is needed from outside.

function startPad(root, { network: description, drawing, samples }) {
  const network = readNetwork(description);

  // ------------------------------------------------------------------------------------------ what is to be seen

  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Drawing pad: draw a digit, and the network reads it");
  const top = make("div", { className: "lp-top" }, root);

  const writing = make("div", {}, top);
  make("div", { className: "lp-caption", textContent: "Draw a digit here" }, writing);
  const label =
    "Paper to draw a digit on, with mouse, pen or finger. Keys: 0 to 9 for a sample digit, Escape to clear";
  const paper = makePaper(writing, { label }, (speak) => (speak ? update(true) : soon()));
  const buttons = make("div", { className: "lp-row" }, writing);
  const clearButton = make("button", { type: "button", textContent: "Clear", title: "Escape or Delete" }, buttons);
  const undoTitle = "Takes the last stroke back";
  const undoButton = make("button", { type: "button", textContent: "Undo", title: undoTitle }, buttons);
  const sampleLabels = { role: "group", "aria-label": "Sample digits" };
  const sampleRow = make("div", { className: "lp-row lp-samples", ...sampleLabels }, writing);
  samples.forEach((strokes, digit) => {
    const button = make("button", { type: "button", textContent: digit, "aria-label": `Sample ${digit}` }, sampleRow);
    button.addEventListener("click", () => showSample(digit));
  });
  make("div", { className: "lp-caption", textContent: "Samples: click, or press 0 to 9. Escape clears." }, writing);

  const seeing = make("div", {}, top);
  make("div", { className: "lp-caption", textContent: "What the network sees" }, seeing);
  const seen = make(
    "canvas",
    { className: "lp-seen", width: network.input[1], height: network.input[0], role: "img", "aria-label": "blank" },
    seeing
  );
  make("div", { className: "lp-caption", textContent: `${network.input[0]}×${network.input[1]} pixels` }, seeing);

  const answering = make("div", {}, top);
  const reads = make("p", { className: "lp-reads" }, answering);
  const table = make("table", { "aria-label": "The ten outputs of the network" }, answering);
  const head = make("tr", {}, make("thead", {}, table));
  for (const name of ["digit", "output", "softmax", ""]) make("th", { scope: "col", textContent: name }, head);
  const body = make("tbody", {}, table);
  const rows = samples.map((_, digit) => {
    const row = make("tr", {}, body);
    make("th", { scope: "row", textContent: digit }, row);
    const output = make("td", {}, row);
    const share = make("td", {}, row);
    const track = make("div", { className: "lp-track" }, make("td", { "aria-hidden": "true" }, row));
    return { row, output, share, bar: make("div", { className: "lp-bar" }, track) };
  });

  const maps = network.layers.map((layer, number) => {
    if (layer.kind === "flatten" || number === network.layers.length - 1) return null;
    const [height, width, count] = layer.shape;
    const single = height * width === 1;
    // Maps lie side by side, up to a width; the values of a dense layer are cells of their own.
    const across = Math.min(count, single ? 42 : Math.max(1, Math.floor(300 / (width + 1))));
    const gap = single ? 0 : 1;
    const line = make("div", { className: "lp-layer" }, root);
    make("span", { textContent: `${layer.name}: ${single ? count : `${height}×${width}×${count}`}` }, line);
    const canvas = make(
      "canvas",
      {
        width: across * (width + gap) - gap,
        height: Math.ceil(count / across) * (height + gap) - gap,
        role: "img",
        "aria-label":
          `Values of layer ${layer.name}, ${count} maps of ${height}×${width}: orange above zero, purple below`,
      },
      line
    );
    const zoom = single ? 12 : Math.max(1, Math.min(Math.floor(620 / canvas.width), Math.floor(84 / width)));
    canvas.style.width = `${zoom * canvas.width}px`;
    return { canvas, height, width, count, across, gap };
  });
  if (maps.some(Boolean)) {
    const legend = "Values of each layer: orange above zero, white at zero, purple below";
    make("div", { className: "lp-caption", textContent: legend }, root);
  }
  const spoken = make("p", { className: "lp-spoken", role: "status" }, root);

  function paintMaps(picture, layer) {
    const { height, width, count, across, gap } = picture;
    const limit = layer.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    paint(picture.canvas, (y, x) => {
      const map = Math.floor(y / (height + gap)) * across + Math.floor(x / (width + gap));
      const [row, column] = [y % (height + gap), x % (width + gap)];
      if (map >= count || row === height || column === width) return [255, 255, 255, 0];
      return signed(layer.values[(row * width + column) * count + map] / limit);
    });
  }

  // ----------------------------------------------------------------------------------------- drawing and answering

  let due = 0;
  const state = { blank: true, image: null, outputs: null, probabilities: null, answer: null };

  function update(speak) {
    cancelAnimationFrame(due);
    due = 0;
    paper.draw();
    const strokes = paper.strokes();
    state.blank = strokes.length === 0;
    if (state.blank) {
      Object.assign(state, { image: null, outputs: null, probabilities: null, answer: null });
      for (const { canvas } of [{ canvas: seen }, ...maps.filter(Boolean)]) {
        canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
      }
    } else {
      state.image = frameInk(prepare(strokes, drawing), drawing.field, network.input, network.grey);
      const layers = forward(network, state.image);
      state.outputs = layers[layers.length - 1].values;
      state.probabilities = softmax(state.outputs);
      state.answer = state.probabilities.indexOf(Math.max(...state.probabilities));
      const [low, high] = network.grey;
      paint(seen, (y, x) => {
        const grey = 255 * (1 - (state.image[y * seen.width + x] - low) / (high - low));
        return [grey, grey, grey, 255];
      });
      maps.forEach((picture, number) => picture && paintMaps(picture, layers[number]));
    }
    rows.forEach(({ row, output, share, bar }, digit) => {
      const percent = state.blank ? 0 : 100 * state.probabilities[digit];
      output.textContent = state.blank ? "–" : state.outputs[digit].toFixed(1);
      share.textContent = state.blank ? "–" : `${percent.toFixed(0)} %`;
      bar.style.width = `${percent}%`;
      row.className = digit === state.answer ? "lp-best" : "";
    });
    reads.textContent = sentence();
    seen.setAttribute("aria-label", state.blank ? "blank" : "the drawing, fitted and centred as MNIST's digits are");
    if (speak) spoken.textContent = sentence();
  }

  function sentence() {
    if (state.blank) return "The pad is blank: draw a digit.";
    return `The network reads ${state.answer} (${(100 * state.probabilities[state.answer]).toFixed(0)} %).`;
  }

  function soon() {
    if (!due) due = requestAnimationFrame(() => update(false));
  }

  const clear = () => paper.set([]);
  const undo = paper.undo;
  const showSample = (digit) => paper.set(samples[digit]);

  clearButton.addEventListener("click", clear);
  undoButton.addEventListener("click", undo);
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (["Escape", "Delete", "Backspace"].includes(event.key)) clear();
    else if (/^[0-9]$/.test(event.key)) showSample(Number(event.key));
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // For the curious, in the browser's console, and for the tests: the parts, and what they found last.
  root.lenetPad = { forward: (image) => forward(network, image), clear, undo, showSample, state };
  update(false);
}

startOnce("lenet-pad", startPad);
