// The drawing pad: its parts on the page, and what is shown of the network while it reads.
// element.py puts parts.js, paper.js, network.js, drawing.js, fields.js, unit.js and this file into one function,
// beside what export.py tells of the networks. Nothing is needed from outside.

function startPad(root, { networks, drawing, samples }) {
  const names = Object.keys(networks);
  let network = readNetwork(networks[names[0]]);

  // ------------------------------------------------------------------------------------------ what is to be seen

  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Drawing pad: draw a digit, and the network reads it");
  const switches = make("div", { className: "lp-row lp-networks", role: "group", "aria-label": "Network" }, root);
  const switchButtons = names.map((name, number) => {
    const button = make("button", { type: "button", textContent: name, "aria-pressed": number === 0 }, switches);
    button.addEventListener("click", () => choose(number));
    return button;
  });
  switches.hidden = names.length === 1;
  const reads = make("p", { className: "lp-reads" }, root);
  const top = make("div", { className: "lp-top" }, root);

  const writing = make("div", { className: "lp-writing" }, top);
  make("div", { className: "lp-caption", textContent: "Draw a digit here" }, writing);
  const label =
    "Paper to draw a digit on, with mouse, pen or finger. Keys: 0 to 9 for a sample digit, Escape to clear";
  const paper = makePaper(writing, { label }, (speak) => (speak ? update(true) : soon()));
  const buttons = make("div", { className: "lp-row" }, writing);
  const clearButton = make("button", { type: "button", textContent: "Clear", title: "Escape or Delete" }, buttons);
  const undoTitle = "Takes the last stroke back: Backspace";
  const undoButton = make("button", { type: "button", textContent: "Undo", title: undoTitle }, buttons);
  const sampleLabels = { role: "group", "aria-label": "Sample digits" };
  const sampleRow = make("div", { className: "lp-row lp-samples", ...sampleLabels }, writing);
  samples.forEach((strokes, digit) => {
    const button = make("button", { type: "button", textContent: digit, "aria-label": `Sample ${digit}` }, sampleRow);
    button.addEventListener("click", () => showSample(digit));
  });
  make("div", { className: "lp-caption", textContent: "Samples: click, or press 0 to 9. Escape clears." }, writing);

  const seeing = make("div", { className: "lp-seeing" }, top);
  make("div", { className: "lp-caption", textContent: "What the network sees" }, seeing);
  const picture = { className: "lp-seen", role: "img", "aria-label": "blank" };
  const seenCanvas = make("canvas", picture, seeing);
  const seenCaption = make("div", { className: "lp-caption" }, seeing);

  const answering = make("div", { className: "lp-answering" }, top);
  const table = make("table", { "aria-label": "The ten outputs of the network" }, answering);
  const head = make("tr", {}, make("thead", {}, table));
  const heads = ["digit", "output", "softmax", ""].map((name) => {
    return make("th", { scope: "col", textContent: name }, head);
  });
  const body = make("tbody", {}, table);
  const rows = samples.map((_, digit) => {
    const row = make("tr", {}, body);
    make("th", { scope: "row", textContent: digit }, row);
    const output = make("td", {}, row);
    const share = make("td", {}, row);
    const track = make("div", { className: "lp-track" }, make("td", { "aria-hidden": "true" }, row));
    return { row, output, share, bar: make("div", { className: "lp-bar" }, track) };
  });

  const lower = make("div", { className: "lp-lower" }, root);
  const layersBox = make("div", { className: "lp-layers" }, lower);
  const panel = makeUnitPanel(lower);
  const overlay = make("canvas", { className: "lp-links", "aria-hidden": "true", role: "img" }, root);
  overlay.setAttribute("aria-label", "Frames around what the chosen unit sees");
  const spoken = make("p", { className: "lp-spoken", role: "status" }, root);

  // ------------------------------------------------------------------------------------------------ the layers

  let maps = []; // a picture of each layer; null for those that only change the shape

  function buildLayers() {
    layersBox.replaceChildren();
    const explained = "Point at a unit, or step to it with Tab and the arrow keys: what does it see?";
    make("div", { className: "lp-caption", textContent: explained }, layersBox);
    maps = network.layers.map((layer, number) => {
      if (layer.kind === "flatten" || layer.kind === "activation") return null;
      const [height, width, count] = layer.shape;
      const single = height * width === 1;
      const line = make("div", { className: "lp-layer" }, layersBox);
      const shape = single ? count : `${height}×${width}×${count}`;
      const caption = make("span", {}, line);
      make("b", { textContent: layer.name }, caption);
      make("div", { textContent: shape }, caption);
      const scale = make("div", { className: "lp-scale" }, caption);
      const canvas = make(
        "canvas",
        {
          role: "img",
          tabIndex: 0,
          "aria-label":
            `Values of layer ${layer.name}, ${count} maps of ${height}×${width}: orange above zero, purple below. ` +
            "Arrow keys choose a unit",
        },
        line
      );
      const picture = { canvas, scale, height, width, count, gap: single ? 0 : 1 };
      canvas.addEventListener("pointermove", (event) => pointAt(number, event));
      canvas.addEventListener("pointerdown", (event) => pointAt(number, event));
      canvas.addEventListener("keydown", (event) => stepTo(number, event));
      canvas.addEventListener("focus", () => {
        if (!chosen || chosen.number !== number) chooseUnit({ number, row: height >> 1, column: width >> 1, map: 0 });
      });
      return picture;
    });
    seenCanvas.width = network.input[1];
    seenCanvas.height = network.input[0];
    seenCaption.textContent = `${network.input[0]}×${network.input[1]} pixels`;
    heads[1].textContent = network.ends === "distances" ? "distance" : "output";
    heads[2].textContent = network.ends === "distances" ? "share" : "softmax";
  }

  /** Sizes for the width that there is: a layer's unit is drawn as wide as its step on the image. */
  function layOut() {
    const width = root.clientWidth;
    root.classList.toggle("lp-wide", width >= 860);
    root.style.fontSize = `${Math.max(14, Math.min(26, width / 80))}px`;
    const available = layersBox.clientWidth - (width >= 560 ? 6.5 * parseFloat(getComputedStyle(root).fontSize) : 0);
    const first = network.layers.find((layer) => layer.window);
    const across = first ? Math.min(6, first.shape[2]) * (first.shape[1] + 1) : 1;
    const zoom = Math.max(2, Math.min(7, Math.floor(available / across)));
    const strides = steps(network);
    maps.forEach((picture, number) => {
      if (!picture) return;
      const drawn = network.ends === "distances" && picture.count === 84 && picture.height === 1;
      picture.side = strides[number][1] ? zoom * strides[number][1] : Math.max(10, 2 * zoom);
      if (picture.height * picture.width === 1) picture.side = Math.max(10, 2 * zoom);
      const most = Math.floor((available / picture.side + picture.gap) / (picture.width + picture.gap));
      picture.across = drawn ? 7 : Math.max(1, Math.min(picture.count, most));
      const { canvas, gap } = picture;
      canvas.width = picture.across * (picture.width + gap) - gap;
      canvas.height = Math.ceil(picture.count / picture.across) * (picture.height + gap) - gap;
      canvas.style.width = `${picture.side * canvas.width}px`;
    });
    overlay.width = root.clientWidth * devicePixelRatio;
    overlay.height = root.clientHeight * devicePixelRatio;
  }

  /** Where a unit lies in its layer's picture, in units: [column, row]. */
  function cornerOf({ across, width, height, gap }, row, column, map) {
    return [(map % across) * (width + gap) + column, Math.floor(map / across) * (height + gap) + row];
  }

  function paintMaps(picture, layer) {
    const { height, width, count, across, gap } = picture;
    const limit = layer.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    picture.scale.textContent = `±${limit.toFixed(limit < 10 ? 1 : 0)}`;
    paint(picture.canvas, (y, x) => {
      const map = Math.floor(y / (height + gap)) * across + Math.floor(x / (width + gap));
      const [row, column] = [y % (height + gap), x % (width + gap)];
      if (map >= count || row === height || column === width) return [255, 255, 255, 0];
      return signed(layer.values[(row * width + column) * count + map] / limit);
    });
  }

  // ------------------------------------------------------------------------------------------- the chosen unit

  let chosen = null; // {number, row, column, map}

  function pointAt(number, event) {
    const picture = maps[number];
    const edges = picture.canvas.getBoundingClientRect();
    const zoom = edges.width / picture.canvas.offsetWidth;
    const x = Math.floor(((event.clientX - edges.left) / zoom - picture.canvas.clientLeft) / picture.side);
    const y = Math.floor(((event.clientY - edges.top) / zoom - picture.canvas.clientTop) / picture.side);
    const { across, width, height, count, gap } = picture;
    const map = Math.floor(y / (height + gap)) * across + Math.floor(x / (width + gap));
    const [row, column] = [y % (height + gap), x % (width + gap)];
    if (x < 0 || y < 0 || x >= picture.canvas.width || map >= count || row >= height || column >= width) return;
    chooseUnit({ number, row, column, map });
  }

  function stepTo(number, event) {
    const { height, width, count, across } = maps[number];
    let { row, column, map } = chosen && chosen.number === number ? chosen : { row: 0, column: 0, map: 0 };
    if (event.key === "ArrowRight") [column, map] = column + 1 < width ? [column + 1, map] : [0, map + 1];
    else if (event.key === "ArrowLeft") [column, map] = column > 0 ? [column - 1, map] : [width - 1, map - 1];
    else if (event.key === "ArrowDown") [row, map] = row + 1 < height ? [row + 1, map] : [0, map + across];
    else if (event.key === "ArrowUp") [row, map] = row > 0 ? [row - 1, map] : [height - 1, map - across];
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (map >= 0 && map < count) chooseUnit({ number, row, column, map });
  }

  function chooseUnit(unit) {
    if (chosen && Object.keys(unit).every((key) => unit[key] === chosen[key])) return;
    chosen = unit;
    showUnit();
  }

  /** Frames around what the chosen unit sees, in every layer before it, on the image and on the paper. */
  function showUnit() {
    const context = overlay.getContext("2d");
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, overlay.width, overlay.height);
    if (!chosen || state.blank) return panel.clear();
    const { number, row, column, map } = chosen;
    const edges = root.getBoundingClientRect();
    const zoom = edges.width / root.offsetWidth;
    /** The corner of an element's inside on the overlay. */
    const cornerOn = (element) => {
      const box = element.getBoundingClientRect();
      const [left, top] = [(box.left - edges.left) / zoom, (box.top - edges.top) / zoom];
      return [left + element.clientLeft - root.clientLeft, top + element.clientTop - root.clientTop];
    };
    const frames = [];
    const unitFrame = (at, [r0, r1], [c0, c1], m) => {
      const picture = maps[at];
      const [left, upper] = cornerOn(picture.canvas);
      const [x, y] = cornerOf(picture, r0, c0, m);
      const side = picture.side;
      return [left + side * x, upper + side * y, side * (c1 - c0 + 1), side * (r1 - r0 + 1)];
    };
    const own = unitFrame(number, [row, row], [column, column], map);
    const before = number ? layerValues[number - 1] : imageAsLayer();
    const explained = explain(network, before, layerValues[number], number, [row, column], map);
    const fields = receptiveField(network, number, [row, column]);
    let direct = true; // the layer right before, past those that only change the shape
    for (const { number: at, rows: r, columns: c } of fields) {
      if (at < 0) {
        const [left, upper] = cornerOn(seenCanvas);
        const side = seenCanvas.clientWidth / seenCanvas.width;
        frames.push([left + side * c[0], upper + side * r[0], side * (c[1] - c[0] + 1), side * (r[1] - r[0] + 1)]);
        const { left: x, top: y, side: pixel } = onPaper(paper.strokes(), drawing, network.input);
        const [paperLeft, paperUpper] = cornerOn(paper.canvas);
        const whole = paper.canvas.clientWidth;
        const inside = (share) => Math.min(1, Math.max(0, share));
        const [x0, x1] = [inside(x + pixel * c[0]), inside(x + pixel * (c[1] + 1))];
        const [y0, y1] = [inside(y + pixel * r[0]), inside(y + pixel * (r[1] + 1))];
        frames.push([paperLeft + whole * x0, paperUpper + whole * y0, whole * (x1 - x0), whole * (y1 - y0)]);
      } else if (maps[at]) {
        const all = Array.from({ length: maps[at].count }, (_, m) => m);
        // Of a Flatten layer's values the maps are lost; of all other layers those that have a link are framed.
        const linked = direct && fields[0].number === at ? explained.parts.map((part) => part.map) : all;
        const many = maps[at].height * maps[at].width === 1;
        if (!many) for (const m of linked) frames.push(unitFrame(at, r, c, m));
        direct = false;
      }
    }
    context.lineWidth = 1;
    context.strokeStyle = "rgba(0, 114, 178, 0.35)";
    for (const [x, y, width, height] of frames.slice(0, 16)) {
      for (const [a, b] of [[0, 1], [1, 1]]) {
        context.beginPath();
        context.moveTo(own[0] + own[2] / 2, own[1]);
        context.lineTo(x + a * width, y + b * height);
        context.stroke();
      }
    }
    context.lineWidth = 2;
    context.strokeStyle = "#0072B2";
    for (const frame of [...frames, own]) context.strokeRect(...frame);
    const [image] = fields.slice(-1);
    panel.show(network.layers[number], { row, column, map }, explained, image);
    state.unit = { ...chosen, sum: explained.sum, value: explained.value, parts: explained.parts.length };
  }

  function imageAsLayer() {
    return { height: network.input[0], width: network.input[1], maps: 1, values: state.image };
  }

  // ----------------------------------------------------------------------------------------- drawing and answering

  let layerValues = null;
  let due = 0;
  const state = { blank: true, image: null, outputs: null, probabilities: null, answer: null, unit: null };

  function update(speak) {
    cancelAnimationFrame(due);
    due = 0;
    paper.draw();
    const strokes = paper.strokes();
    state.blank = strokes.length === 0;
    if (state.blank) {
      Object.assign(state, { image: null, outputs: null, probabilities: null, answer: null, unit: null });
      for (const { canvas } of [{ canvas: seenCanvas }, ...maps.filter(Boolean)]) {
        canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
      }
    } else {
      state.image = frameInk(prepare(strokes, drawing), drawing.field, network.input, network.grey);
      layerValues = forward(network, state.image);
      state.outputs = layerValues[layerValues.length - 1].values;
      state.probabilities = sharesOf(network, state.outputs);
      state.answer = state.probabilities.indexOf(Math.max(...state.probabilities));
      paint(seenCanvas, (y, x) => grey(state.image[y * seenCanvas.width + x], network.grey));
      maps.forEach((picture, number) => picture && paintMaps(picture, layerValues[number]));
    }
    showUnit();
    rows.forEach(({ row, output, share, bar }, digit) => {
      const percent = state.blank ? 0 : 100 * state.probabilities[digit];
      output.textContent = state.blank ? "–" : state.outputs[digit].toFixed(1);
      share.textContent = state.blank ? "–" : `${percent.toFixed(0)} %`;
      bar.style.width = `${percent}%`;
      row.className = digit === state.answer ? "lp-best" : "";
    });
    reads.textContent = sentence();
    const told = "the drawing, fitted and centred as MNIST's digits are";
    seenCanvas.setAttribute("aria-label", state.blank ? "blank" : told);
    if (speak) spoken.textContent = sentence();
  }

  function sentence() {
    if (state.blank) return "The pad is blank: draw a digit.";
    return `The network reads ${state.answer} (${(100 * state.probabilities[state.answer]).toFixed(0)} %).`;
  }

  function soon() {
    if (!due) due = requestAnimationFrame(() => update(false));
  }

  /** Puts another of the networks behind the pad. */
  function choose(number) {
    network = readNetwork(networks[names[number]]);
    switchButtons.forEach((button, each) => button.setAttribute("aria-pressed", each === number));
    chosen = null;
    buildLayers();
    layOut();
    update(true);
  }

  let emptied = []; // what Clear wiped away, for Undo
  const clear = () => {
    if (paper.strokes().length) emptied = paper.strokes();
    paper.set([]);
  };
  const undo = () => (paper.strokes().length ? paper.undo() : paper.set(emptied));
  const showSample = (digit) => paper.set(samples[digit]);

  clearButton.addEventListener("click", clear);
  undoButton.addEventListener("click", undo);
  listenToKeys(root, { clear, undo, showSample });

  // For the curious, in the browser's console, and for the tests: the parts, and what they found last.
  const show = (strokes) => paper.set(strokes);
  root.lenetPad = { forward: (image) => forward(network, image), choose, clear, undo, show, showSample, state };
  buildLayers();
  layOut();
  update(false);
  let width = root.clientWidth;
  new ResizeObserver(() => {
    if (root.clientWidth !== width || overlay.height !== root.clientHeight * devicePixelRatio) {
      width = root.clientWidth;
      layOut();
      update(false);
    }
  }).observe(root);
}

startOnce("lenet-pad", startPad);
