// A digit that fades under the pointer, or is covered by a square, and what the network makes of it.

function startFading(root, { network: description, digits, titles }) {
  const network = readNetwork(description);
  const [height, width] = network.input;
  const [paper, ink] = network.grey;
  const images = decodeDigits(digits, height * width, network.grey);
  const covers = [
    ["fade to paper", (image, row, column) => fadeAt(image, width, row, column, 3, paper)],
    ["square of paper", (image, row, column) => coverAt(image, width, row, column, 3, paper)],
    ["square of grey", (image, row, column) => coverAt(image, width, row, column, 3, (paper + ink) / 2)],
    ["square of ink", (image, row, column) => coverAt(image, width, row, column, 3, ink)],
  ];
  const state = { image: images[0], cover: 0, place: null };

  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "A digit that fades under the pointer, and what the network reads");
  const choices = make("div", { className: "lu-row" }, root);
  images.forEach((image, i) => {
    const button = make("button", { type: "button", textContent: titles[i] }, choices);
    button.addEventListener("click", () => show({ image }));
  });
  const ways = make("div", { className: "lu-row" }, root);
  make("span", { textContent: "under the pointer:" }, ways);
  covers.forEach(([name], cover) => {
    const button = make("button", { type: "button", textContent: name }, ways);
    button.addEventListener("click", () => show({ cover }));
  });
  const top = make("div", { className: "lu-top" }, root);
  const digit = make(
    "canvas",
    {
      className: "lu-digit",
      width: 8 * width,
      height: 8 * height,
      tabIndex: 0,
      role: "img",
      "aria-label": "The digit. Move the pointer over it, or use the arrow keys; Escape takes the window away",
    },
    top
  );
  const right = make("div", {}, top);
  const says = make("p", { className: "lu-says", role: "status" }, right);
  const bars = tenBars(right);

  function show(change) {
    Object.assign(state, change);
    const seen = state.place ? covers[state.cover][1](state.image, ...state.place) : state.image;
    const context = digit.getContext("2d");
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [part] = grey(seen[y * width + x], network.grey);
        context.fillStyle = `rgb(${part},${part},${part})`;
        context.fillRect(8 * x, 8 * y, 8, 8);
      }
    }
    const layers = forward(network, seen);
    const outputs = Array.from(layers[layers.length - 1].values);
    const shares = softmax(outputs);
    const answer = outputs.indexOf(Math.max(...outputs));
    const margin = outputs[answer] - Math.max(...outputs.filter((_, other) => other !== answer));
    says.textContent = `Read as ${answer}. Its output lies ${margin.toFixed(1)} above the best of the others.`;
    bars(shares, answer);
    images.forEach((image, i) => (choices.children[i].className = image === state.image ? "lu-on" : ""));
    covers.forEach((_, cover) => (ways.children[cover + 1].className = cover === state.cover ? "lu-on" : ""));
  }

  function point(event) {
    const box = digit.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * height);
    const column = Math.floor(((event.clientX - box.left) / box.width) * width);
    show({ place: [row, column] });
  }
  digit.addEventListener("pointermove", point);
  digit.addEventListener("pointerdown", point);
  digit.addEventListener("pointerleave", () => show({ place: null }));
  digit.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (event.key === "Escape") show({ place: null });
    if (!step) return;
    event.preventDefault();
    const [row, column] = state.place || [height / 2, width / 2];
    show({ place: [(row + step[0] + height) % height, (column + step[1] + width) % width] });
  });
  show({});
}

startOnce("lenet-fading", startFading);
