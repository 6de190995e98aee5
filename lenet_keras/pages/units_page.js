// Units under the pointer: the maps of a digit; the unit that the pointer is on, and the part of the image that it sees.

function startUnits(root, { network: description, digits, titles }) {
  const trained = readNetwork(description);
  const [height, width] = trained.input;
  const images = decodeDigits(digits, height * width, trained.grey);
  const state = { network: trained, seed: 0, image: images[0], layers: null, chosen: null };

  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "The maps of a digit: point at a unit to see what it sees");
  const choices = make("div", { className: "lu-row" }, root);
  images.forEach((image, i) => {
    const button = make("button", { type: "button", textContent: titles[i] }, choices);
    button.addEventListener("click", () => show({ image }));
  });
  make("span", { textContent: "read by" }, choices);
  const trainedButton = make("button", { type: "button", textContent: "the trained network" }, choices);
  trainedButton.addEventListener("click", () => show({ network: trained }));
  const freshButton = make("button", { type: "button", textContent: "a fresh network (a new one each time)" }, choices);
  freshButton.addEventListener("click", () => show({ network: freshNetwork(trained, ++state.seed) }));

  const top = make("div", { className: "lu-top" }, root);
  const left = make("div", {}, top);
  const digit = make("canvas", { className: "lu-digit", width: 8 * width, height: 8 * height, role: "img" }, left);
  const says = make("p", { className: "lu-says", role: "status" }, left);
  const right = make("div", { className: "lu-maps" }, top);
  const pictures = trained.layers.map((layer, number) => {
    if (layer.kind === "flatten") return null;
    const [rows, columns, count] = layer.shape;
    const single = rows * columns === 1;
    const across = Math.min(count, single ? 42 : rows > 20 ? 6 : rows > 12 ? 6 : 8);
    const line = make("div", { className: "lu-layer" }, right);
    make("span", { textContent: `${layer.name}: ${single ? count : `${rows}×${columns}×${count}`}` }, line);
    const gap = single ? 0 : 1;
    const zoom = single ? 11 : Math.max(2, Math.floor(464 / across / (columns + 1)));
    const canvas = make(
      "canvas",
      {
        width: across * (columns + gap) - gap,
        height: Math.ceil(count / across) * (rows + gap) - gap,
        tabIndex: 0,
        role: "img",
        "aria-label": `Layer ${layer.name}: ${count} maps of ${rows} by ${columns}. Arrow keys choose a unit`,
      },
      line
    );
    canvas.style.width = `${zoom * canvas.width}px`;
    const picture = { number, canvas, rows, columns, count, across, gap };
    canvas.addEventListener("pointermove", (event) => choose(picture, event));
    canvas.addEventListener("pointerdown", (event) => choose(picture, event));
    canvas.addEventListener("keydown", (event) => move(picture, event));
    return picture;
  });

  function show(change) {
    Object.assign(state, change);
    state.layers = forward(state.network, state.image);
    pictures.forEach((picture) => picture && paintMaps(picture));
    trainedButton.className = state.network === trained ? "lu-on" : "";
    freshButton.className = state.network === trained ? "" : "lu-on";
    images.forEach((image, i) => (choices.children[i].className = image === state.image ? "lu-on" : ""));
    tell();
  }

  function paintMaps({ number, canvas, rows, columns, count, across, gap }) {
    const { values } = state.layers[number];
    const limit = trained.layers[number].activation === "tanh" || trained.layers[number].kind !== "dense" ? 1 : 12;
    paint(canvas, (y, x) => {
      const map = Math.floor(y / (rows + gap)) * across + Math.floor(x / (columns + gap));
      const [row, column] = [y % (rows + gap), x % (columns + gap)];
      if (map >= count || row === rows || column === columns) return [157, 180, 192, 255];
      return signed(values[(row * columns + column) * count + map] / limit);
    });
  }

  function choose(picture, event) {
    const { canvas, rows, columns, count, across, gap, number } = picture;
    const box = canvas.getBoundingClientRect();
    const x = Math.floor(((event.clientX - box.left) / box.width) * canvas.width);
    const y = Math.floor(((event.clientY - box.top) / box.height) * canvas.height);
    const map = Math.floor(y / (rows + gap)) * across + Math.floor(x / (columns + gap));
    const [row, column] = [y % (rows + gap), x % (columns + gap)];
    if (x < 0 || y < 0 || map >= count || row >= rows || column >= columns) return;
    state.chosen = { number, map, row, column };
    tell();
  }

  function move({ number, rows, columns, count }, event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const now = state.chosen && state.chosen.number === number ? state.chosen : { number, map: 0, row: 0, column: 0 };
    if (rows * columns === 1) {
      state.chosen = { ...now, map: (now.map + step[1] + count) % count };
    } else {
      let [row, column, map] = [now.row + step[0], now.column + step[1], now.map];
      if (column < 0 || column >= columns) [map, column] = [map + step[1], column < 0 ? columns - 1 : 0];
      state.chosen = { number, map: (map + count) % count, row: (row + rows) % rows, column };
    }
    tell();
  }

  function tell() {
    const context = digit.getContext("2d");
    context.imageSmoothingEnabled = false;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [part] = grey(state.image[y * width + x], state.network.grey);
        context.fillStyle = `rgb(${part},${part},${part})`;
        context.fillRect(8 * x, 8 * y, 8, 8);
      }
    }
    const shares = softmax(state.layers[state.layers.length - 1].values);
    const answer = shares.indexOf(Math.max(...shares));
    const read = `Read as ${answer} (${(100 * shares[answer]).toFixed(0)} %).`;
    if (!state.chosen) {
      says.textContent = `${read} Point at a unit of a map.`;
      return;
    }
    const { number, map, row, column } = state.chosen;
    const layer = state.network.layers[number];
    const [rows, columns, count] = layer.shape;
    const value = state.layers[number].values[(row * columns + column) * count + map];
    const field = fieldOf(state.network, number, row, column);
    context.strokeStyle = "#D55E00";
    context.lineWidth = 3;
    context.strokeRect(8 * field.column, 8 * field.row, 8 * field.columns, 8 * field.rows);
    const where = rows * columns === 1 ? `unit ${map}` : `map ${map}, row ${row}, column ${column}`;
    says.textContent =
      `${layer.name}, ${where}: ${value.toFixed(2)}. It sees rows ${field.row} to ${field.row + field.rows - 1}, ` +
      `columns ${field.column} to ${field.column + field.columns - 1}. ${read}`;
  }

  show({});
}

startOnce("lenet-units", startUnits);
