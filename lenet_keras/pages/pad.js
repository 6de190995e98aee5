// The drawing pad: strokes -> the 32×32 digit that MNIST would have made -> the network, layer by layer.
// lenet_keras/pad.py puts this function into a page and calls it with the network. It needs nothing from outside.
(function (network) {
  "use strict";

  const script = document.currentScript;
  const root =
    (script && script.closest(".lenet-pad")) || document.querySelector(".lenet-pad:not([data-started])");
  if (!root || root.dataset.started) return;
  root.dataset.started = "true";

  // ------------------------------------------------------------------------------------------ the network

  /** 16-bit floats, in base64, as numbers. */
  function decodeHalf(base64) {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const values = new Float32Array(bytes.length / 2);
    for (let i = 0; i < values.length; i++) {
      const half = bytes[2 * i] | (bytes[2 * i + 1] << 8);
      const exponent = (half >> 10) & 31;
      const fraction = half & 1023;
      const size = exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : (fraction / 1024) * 2 ** -14;
      values[i] = half & 0x8000 ? -size : size;
    }
    return values;
  }

  const weights = decodeHalf(network.weights);
  const ACTIVATIONS = { linear: null, tanh: Math.tanh, relu: (value) => Math.max(0, value) };

  /** Values of a layer lie in one array, by row, column and map, as in Keras: {height, width, maps, values}. */
  function empty(height, width, maps) {
    return { height, width, maps, values: new Float32Array(height * width * maps) };
  }

  function convolution(layer, input) {
    const [rows, columns, inputs, maps] = layer.kernel;
    const [down, right] = layer.strides;
    const [top, left] = layer.margins;
    const [height, width] = layer.shape;
    const output = empty(height, width, maps);
    const sums = new Float64Array(maps);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let m = 0; m < maps; m++) sums[m] = layer.bias < 0 ? 0 : weights[layer.bias + m];
        for (let r = 0; r < rows; r++) {
          const row = y * down + r - top;
          if (row < 0 || row >= input.height) continue;
          for (let c = 0; c < columns; c++) {
            const column = x * right + c - left;
            if (column < 0 || column >= input.width) continue;
            const from = (row * input.width + column) * inputs;
            let at = layer.at + (r * columns + c) * inputs * maps;
            for (let i = 0; i < inputs; i++) {
              const value = input.values[from + i];
              for (let m = 0; m < maps; m++) sums[m] += value * weights[at++];
            }
          }
        }
        output.values.set(sums, (y * width + x) * maps);
      }
    }
    return output;
  }

  function pooling(layer, input) {
    const [rows, columns] = layer.window;
    const [down, right] = layer.strides;
    const [top, left] = layer.margins;
    const [height, width, maps] = layer.shape;
    const output = empty(height, width, maps);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let m = 0; m < maps; m++) {
          let sum = 0;
          let largest = -Infinity;
          let count = 0; // places of the window that lie on the input: the others are not averaged, as in Keras
          for (let row = y * down - top; row < y * down - top + rows; row++) {
            for (let column = x * right - left; column < x * right - left + columns; column++) {
              if (row < 0 || column < 0 || row >= input.height || column >= input.width) continue;
              const value = input.values[(row * input.width + column) * maps + m];
              sum += value;
              largest = Math.max(largest, value);
              count++;
            }
          }
          output.values[(y * width + x) * maps + m] = layer.kind === "max" ? largest : sum / count;
        }
      }
    }
    return output;
  }

  function dense(layer, input) {
    const output = empty(1, 1, layer.units);
    const sums = new Float64Array(layer.units);
    for (let u = 0; u < layer.units; u++) sums[u] = layer.bias < 0 ? 0 : weights[layer.bias + u];
    let at = layer.at;
    for (const value of input.values) for (let u = 0; u < layer.units; u++) sums[u] += value * weights[at++];
    output.values.set(sums);
    return output;
  }

  const KINDS = {
    convolution,
    average: pooling,
    max: pooling,
    dense,
    flatten: (layer, input) => ({ height: 1, width: 1, maps: input.values.length, values: input.values }),
    activation: (layer, input) => ({ ...input, values: input.values.slice() }),
  };

  /** All layers' values for an image of network.input's size, row by row, paper -0.1 to ink 1.175. */
  function forward(image) {
    let now = { height: network.input[0], width: network.input[1], maps: 1, values: Float32Array.from(image) };
    return network.layers.map((layer) => {
      now = KINDS[layer.kind](layer, now);
      const activation = ACTIVATIONS[layer.activation];
      if (activation) now.values.forEach((value, i) => (now.values[i] = activation(value)));
      return now;
    });
  }

  function softmax(outputs) {
    const largest = Math.max(...outputs);
    const powers = Array.from(outputs, (output) => Math.exp(output - largest));
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / sum);
  }

  // ------------------------------------------------------------------------ from strokes to the digit of MNIST

  const { box, pen, smallest } = network.drawing; // pixels, pixels, share of the paper's side
  const FIELD = 28;
  const FINE = 8; // each pixel is drawn 8×8 times finer, then averaged: grey edges
  const fine = document.createElement("canvas");
  fine.width = fine.height = FIELD * FINE;
  const fineContext = fine.getContext("2d", { willReadFrequently: true });

  function line(context, points) {
    context.beginPath();
    context.moveTo(points[0][0], points[0][1]);
    for (const [x, y] of points.slice(1)) context.lineTo(x, y);
    const [x, y] = points[points.length - 1];
    context.lineTo(x + 0.01, y); // a line of no length would not be drawn: a tap is a dot
    context.stroke();
  }

  /** Ink from 0 to 1, 28×28: the drawing's box fitted into 20×20, its centre of mass at the centre. */
  function prepare(strokes) {
    const edges = [Infinity, -Infinity, Infinity, -Infinity];
    for (const [x, y] of strokes.flat()) {
      edges[0] = Math.min(edges[0], x);
      edges[1] = Math.max(edges[1], x);
      edges[2] = Math.min(edges[2], y);
      edges[3] = Math.max(edges[3], y);
    }
    const scale = (box - pen) / Math.max(edges[1] - edges[0], edges[3] - edges[2], smallest);
    const corner = (FIELD - box) / 2 + pen / 2;
    fineContext.clearRect(0, 0, fine.width, fine.height);
    fineContext.lineWidth = pen * FINE;
    fineContext.lineCap = fineContext.lineJoin = "round";
    for (const stroke of strokes) {
      const moved = stroke.map(([x, y]) => [
        FINE * (corner + (x - edges[0]) * scale),
        FINE * (corner + (y - edges[2]) * scale),
      ]);
      line(fineContext, moved);
    }
    const alpha = fineContext.getImageData(0, 0, fine.width, fine.height).data;
    const ink = new Float64Array(FIELD * FIELD);
    for (let y = 0; y < fine.height; y++) {
      for (let x = 0; x < fine.width; x++) {
        const pixel = Math.floor(y / FINE) * FIELD + Math.floor(x / FINE);
        ink[pixel] += alpha[4 * (y * fine.width + x) + 3] / 255 / FINE ** 2;
      }
    }
    return centred(ink.map((value) => Math.round(255 * value) / 255));
  }

  /** Moved by whole pixels until the centre of mass is at pixel (14, 14), as far as the field allows. */
  function centred(ink) {
    let mass = 0;
    const moment = [0, 0];
    const first = [FIELD, FIELD];
    const last = [0, 0];
    ink.forEach((value, i) => {
      if (!value) return;
      const place = [Math.floor(i / FIELD), i % FIELD];
      mass += value;
      for (const axis of [0, 1]) {
        moment[axis] += value * place[axis];
        first[axis] = Math.min(first[axis], place[axis]);
        last[axis] = Math.max(last[axis], place[axis]);
      }
    });
    const [down, right] = [0, 1].map((axis) => {
      const wanted = Math.floor(FIELD / 2 - moment[axis] / mass + 0.5 + 1e-6); // ties, found inexactly, go one way
      return Math.max(-first[axis], Math.min(wanted, FIELD - 1 - last[axis]));
    });
    const result = new Float64Array(FIELD * FIELD);
    ink.forEach((value, i) => {
      if (value) result[(Math.floor(i / FIELD) + down) * FIELD + (i % FIELD) + right] = value;
    });
    return result;
  }

  /** The image that the network is given: a margin of paper, and paper -0.1 to ink 1.175. */
  function image(ink) {
    const [height, width] = network.input;
    const [paper, black] = network.grey;
    const result = new Float32Array(height * width).fill(paper);
    const top = Math.floor((height - FIELD) / 2);
    const left = Math.floor((width - FIELD) / 2);
    ink.forEach((value, i) => {
      const place = (Math.floor(i / FIELD) + top) * width + (i % FIELD) + left;
      result[place] = paper + (black - paper) * value;
    });
    return result;
  }

  // ------------------------------------------------------------------------------------------ what is to be seen

  const STYLE = `
    .lenet-pad { font: 14px/1.4 system-ui, sans-serif; color: #222; background: #fff; max-width: 780px; padding: 12px;
      border: 1px solid #ccc; border-radius: 6px; box-sizing: border-box; }
    .lenet-pad canvas { background: #fff; border: 1px solid #999; box-sizing: content-box; }
    .lenet-pad .lp-top { display: flex; flex-wrap: wrap; gap: 20px; align-items: flex-start; }
    .lenet-pad .lp-paper { width: 280px; max-width: 100%; height: auto; aspect-ratio: 1; box-sizing: border-box; cursor: crosshair; touch-action: none;
      user-select: none; -webkit-user-select: none; display: block; }
    .lenet-pad .lp-paper:focus-visible, .lenet-pad button:focus-visible { outline: 3px solid #0072B2; outline-offset: 1px; }
    .lenet-pad .lp-seen { width: 160px; image-rendering: pixelated; display: block; }
    .lenet-pad .lp-caption { font-size: 12px; color: #555; margin: 4px 0; }
    .lenet-pad .lp-row { margin: 8px 0 0; display: flex; gap: 4px; flex-wrap: wrap; width: 282px; max-width: 100%; }
    .lenet-pad button { font: inherit; color: #222; background: #f4f4f4; border: 1px solid #999; border-radius: 4px;
      padding: 2px 8px; min-width: 24px; cursor: pointer; }
    .lenet-pad .lp-samples button { padding: 2px 0; }
    .lenet-pad .lp-reads { font-size: 17px; margin: 0 0 6px; min-height: 24px; min-width: 240px; }
    .lenet-pad table { border-collapse: collapse; font-size: 13px; margin: 0; }
    .lenet-pad th, .lenet-pad td { padding: 0 8px 0 0; text-align: right; border: 0; background: none; color: #222;
      line-height: 20px; font-variant-numeric: tabular-nums; }
    .lenet-pad tr { background: none !important; } /* notebooks stripe their tables */
    .lenet-pad th { font-weight: 600; }
    .lenet-pad thead th { font-weight: 400; color: #555; font-size: 12px; }
    .lenet-pad .lp-track { width: 110px; height: 12px; background: #eee; }
    .lenet-pad .lp-bar { width: 0; height: 12px; background: #0072B2; }
    .lenet-pad .lp-best td { font-weight: 600; }
    .lenet-pad .lp-best .lp-bar { background: #D55E00; }
    .lenet-pad .lp-layer { display: flex; gap: 10px; align-items: center; margin-top: 8px; }
    .lenet-pad .lp-layer span { width: 100px; font-size: 12px; flex: none; }
    .lenet-pad .lp-layer canvas { image-rendering: pixelated; border-color: #ddd; min-width: 0; max-width: calc(100% - 112px); }
    .lenet-pad .lp-spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }`;

  function make(kind, properties, parent) {
    const element = document.createElement(kind);
    for (const [name, value] of Object.entries(properties)) {
      if (name in element) element[name] = value;
      else element.setAttribute(name, value);
    }
    parent.append(element);
    return element;
  }

  root.replaceChildren(...(script ? [script] : [])); // the still picture makes way
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Drawing pad: draw a digit, and the network reads it");
  root.setAttribute("data-lm-suppress-shortcuts", "true"); // in JupyterLab, 0 0 would restart the kernel
  make("style", { textContent: STYLE }, root);
  const top = make("div", { className: "lp-top" }, root);

  const drawing = make("div", {}, top);
  make("div", { className: "lp-caption", textContent: "Draw a digit here" }, drawing);
  const paper = make(
    "canvas",
    {
      className: "lp-paper",
      width: 560,
      height: 560,
      tabIndex: 0,
      role: "img",
      "aria-label": "Paper to draw a digit on, with mouse, pen or finger. Keys: 0 to 9 for a sample digit, Escape to clear",
    },
    drawing
  );
  const buttons = make("div", { className: "lp-row" }, drawing);
  const clearButton = make("button", { type: "button", textContent: "Clear", title: "Escape or Delete" }, buttons);
  const undoButton = make("button", { type: "button", textContent: "Undo", title: "Takes the last stroke back" }, buttons);
  const samples = make("div", { className: "lp-row lp-samples", role: "group", "aria-label": "Sample digits" }, drawing);
  network.samples.forEach((strokes, digit) => {
    const button = make("button", { type: "button", textContent: digit, "aria-label": `Sample ${digit}` }, samples);
    button.addEventListener("click", () => sample(digit));
  });
  make("div", { className: "lp-caption", textContent: "Samples: click, or press 0 to 9. Escape clears." }, drawing);

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
  const rows = network.samples.map((_, digit) => {
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
        "aria-label": `Values of layer ${layer.name}, ${count} maps of ${height}×${width}: orange above zero, purple below`,
      },
      line
    );
    const zoom = single ? 12 : Math.max(1, Math.min(Math.floor(620 / canvas.width), Math.floor(84 / width)));
    canvas.style.width = `${zoom * canvas.width}px`;
    return { canvas, height, width, count, across, gap };
  });
  if (maps.some(Boolean)) {
    make("div", { className: "lp-caption", textContent: "Values of each layer: orange above zero, white at zero, purple below" }, root);
  }
  const spoken = make("p", { className: "lp-spoken", role: "status" }, root);

  const paperContext = paper.getContext("2d");

  function drawPaper() {
    paperContext.clearRect(0, 0, paper.width, paper.height);
    paperContext.lineWidth = 0.075 * paper.width;
    paperContext.lineCap = paperContext.lineJoin = "round";
    for (const stroke of strokes) {
      line(paperContext, stroke.map(([x, y]) => [x * paper.width, y * paper.height]));
    }
  }

  function paint(canvas, colour) {
    const context = canvas.getContext("2d");
    const picture = context.createImageData(canvas.width, canvas.height);
    for (let y = 0; y < canvas.height; y++) {
      for (let x = 0; x < canvas.width; x++) picture.data.set(colour(y, x), 4 * (y * canvas.width + x));
    }
    context.putImageData(picture, 0, 0);
  }

  function signed(share) {
    const end = share > 0 ? [230, 97, 1] : [94, 60, 153];
    return [...end.map((part) => 255 + (part - 255) * Math.abs(share)), 255];
  }

  function paintMaps(place, layer) {
    const { height, width, count, across, gap } = place;
    const limit = layer.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    paint(place.canvas, (y, x) => {
      const map = Math.floor(y / (height + gap)) * across + Math.floor(x / (width + gap));
      const [row, column] = [y % (height + gap), x % (width + gap)];
      if (map >= count || row === height || column === width) return [255, 255, 255, 0];
      return signed(layer.values[(row * width + column) * count + map] / limit);
    });
  }

  // ----------------------------------------------------------------------------------------- drawing and answering

  let strokes = []; // each a list of points, from 0 to 1 across the paper
  let current = null; // the pointer that draws, and no other
  let due = 0;
  const state = { blank: true, image: null, outputs: null, probabilities: null, answer: null };

  function update(speak) {
    cancelAnimationFrame(due);
    due = 0;
    drawPaper();
    state.blank = strokes.length === 0;
    if (state.blank) {
      Object.assign(state, { image: null, outputs: null, probabilities: null, answer: null });
      for (const { canvas } of [{ canvas: seen }, ...maps.filter(Boolean)]) {
        canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
      }
    } else {
      const ink = prepare(strokes);
      state.image = image(ink);
      const layers = forward(state.image);
      state.outputs = layers[layers.length - 1].values;
      state.probabilities = softmax(state.outputs);
      state.answer = state.probabilities.indexOf(Math.max(...state.probabilities));
      const [low, high] = network.grey;
      paint(seen, (y, x) => {
        const grey = 255 * (1 - (state.image[y * seen.width + x] - low) / (high - low));
        return [grey, grey, grey, 255];
      });
      maps.forEach((place, number) => place && paintMaps(place, layers[number]));
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

  function place(event) {
    const frame = paper.getBoundingClientRect();
    const inside = (share) => Math.min(1, Math.max(0, share));
    const zoom = frame.width / paper.offsetWidth; // not 1 where the page is shown enlarged, as on slides
    return [
      inside(((event.clientX - frame.left) / zoom - paper.clientLeft) / paper.clientWidth),
      inside(((event.clientY - frame.top) / zoom - paper.clientTop) / paper.clientHeight),
    ];
  }

  function clear() {
    strokes = [];
    current = null;
    update(true);
  }

  function undo() {
    strokes.pop();
    current = null;
    update(true);
  }

  function sample(digit) {
    strokes = network.samples[digit].map((stroke) => stroke.map((point) => [...point]));
    current = null;
    update(true);
  }

  paper.addEventListener("pointerdown", (event) => {
    if (current !== null || event.button !== 0) return;
    event.preventDefault();
    paper.focus({ preventScroll: true });
    paper.setPointerCapture(event.pointerId);
    current = event.pointerId;
    strokes.push([place(event)]);
    soon();
  });
  paper.addEventListener("pointermove", (event) => {
    if (event.pointerId !== current) return;
    event.preventDefault();
    const events = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const step of events.length ? events : [event]) strokes[strokes.length - 1].push(place(step));
    soon();
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    paper.addEventListener(end, (event) => {
      if (event.pointerId !== current) return;
      current = null;
      update(true);
    });
  }
  // Browsers that scroll by touch events rather than by touch-action.
  for (const touch of ["touchstart", "touchmove"]) {
    paper.addEventListener(touch, (event) => event.preventDefault(), { passive: false });
  }
  clearButton.addEventListener("click", clear);
  undoButton.addEventListener("click", undo);
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (["Escape", "Delete", "Backspace"].includes(event.key)) clear();
    else if (/^[0-9]$/.test(event.key)) sample(Number(event.key));
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // For the curious, in the browser's console, and for the tests: the parts, and what they found last.
  root.lenetPad = { forward, softmax, prepare, clear, undo, sample, state };
  update(false);
})
