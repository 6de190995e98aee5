// A window that slides over a digit under the pointer, and fills the map with its sums.
// element.py puts parts.js, slide.js and this file into one function, beside the image and the kernels.

function startWindow(root, { image, kernels, at }) {
  const names = Object.keys(kernels);
  const limits = Object.fromEntries(names.map((name) => [name, largest(slide(image, kernels[name]))]));
  const white = Math.min(...image.flat());
  const black = Math.max(...image.flat(), white + 1e-9);

  function largest(rows) {
    return Math.max(1e-9, ...rows.flat().map(Math.abs));
  }

  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "A window that slides over a digit");
  const choice = make("div", { className: "lp-row lp-kernels", role: "group", "aria-label": "Kernels" }, root);
  const buttons = names.map((name) => {
    const button = make("button", { type: "button", textContent: name }, choice);
    button.addEventListener("click", () => choose(name));
    return button;
  });
  const whole = make("button", { type: "button", textContent: "Fill the whole map" }, choice);
  const empty = make("button", { type: "button", textContent: "Empty it" }, choice);
  whole.addEventListener("click", () => fill(true));
  empty.addEventListener("click", () => fill(false));

  const top = make("div", { className: "lp-top" }, root);
  function picture(caption, label) {
    const part = make("div", {}, top);
    make("div", { className: "lp-caption", textContent: caption }, part);
    return make("canvas", { className: "lp-sheet", role: "img", "aria-label": label }, part);
  }
  const paper = picture(
    "Move the pointer over the digit, or use the arrow keys",
    "The digit, with the window on it. Arrow keys move the window"
  );
  paper.tabIndex = 0;
  const map = picture("The map: a sum for each place of the window", "The map of sums, as far as it is filled");

  const sums = make("div", { className: "lp-top lp-sums" }, root);
  const grids = {};
  for (const [key, caption, sign] of [
    ["seen", "the window", "×"],
    ["kernel", "the kernel", "="],
    ["products", "the products", "→"],
  ]) {
    const part = make("div", {}, sums);
    make("div", { className: "lp-caption", textContent: caption }, part);
    grids[key] = make("table", { className: "lp-numbers", "aria-label": caption }, part);
    make("div", { className: "lp-sign", textContent: sign }, sums);
  }
  const told = make("p", { className: "lp-reads" }, sums);
  const spoken = make("p", { className: "lp-spoken", role: "status" }, root);

  const state = { kernel: names[0], row: at[0], column: at[1], sum: 0, filled: [] };
  let maps = [];

  const sizeOf = (kernel) => [kernel.length, kernel[0].length];
  const shown = (value) => value.toFixed(2).replace("-0.00", "0.00").replace("-", "−");

  const css = (colour) => `rgb(${colour.slice(0, 3).map(Math.round).join()})`;
  const orangeOrPurple = (share) => css(signed(share));
  const inkOrPaper = (value) => css(grey(value, [white, black]));

  const ZOOM = 9;

  function paintFramed(canvas, rows, colour, frame) {
    canvas.width = ZOOM * rows[0].length;
    canvas.height = ZOOM * rows.length;
    const context = canvas.getContext("2d");
    rows.forEach((line, row) =>
      line.forEach((value, column) => {
        context.fillStyle = colour(value, row, column);
        context.fillRect(ZOOM * column, ZOOM * row, ZOOM, ZOOM);
      })
    );
    context.strokeStyle = "#0072B2";
    context.lineWidth = 3;
    const [top, left, height, width] = frame.map((side) => side * ZOOM);
    context.strokeRect(left, top, width, height);
  }

  function numbers(table, rows, colour) {
    table.replaceChildren();
    for (const line of rows) {
      const row = make("tr", {}, table);
      for (const value of line) {
        const cell = make("td", { textContent: shown(value) }, row);
        cell.style.background = colour(value);
        cell.style.color = table === grids.seen && value > (white + black) / 2 ? "#fff" : "#000";
      }
    }
  }

  function update(speak) {
    const kernel = kernels[state.kernel];
    const [rows, columns] = sizeOf(kernel);
    const seen = windowAt(image, [rows, columns], state.row, state.column);
    const parts = products(seen, kernel);
    state.sum = total(parts);
    state.filled[state.row][state.column] = true;
    const limit = limits[state.kernel];
    paintFramed(paper, image, inkOrPaper, [state.row, state.column, rows, columns]);
    const filled = (value, row, column) => (state.filled[row][column] ? orangeOrPurple(value / limit) : "#dddddd");
    paintFramed(map, maps, filled, [state.row, state.column, 1, 1]);
    const pale = (value) => orangeOrPurple((0.7 * value) / largest(kernel));
    numbers(grids.seen, seen, inkOrPaper);
    numbers(grids.kernel, kernel, pale);
    numbers(grids.products, parts, pale);
    told.textContent = `sum ${shown(state.sum)}`;
    buttons.forEach((button, number) => button.setAttribute("aria-pressed", names[number] === state.kernel));
    if (speak) spoken.textContent = `Row ${state.row}, column ${state.column}: sum ${shown(state.sum)}.`;
  }

  function choose(name) {
    state.kernel = name;
    maps = slide(image, kernels[name]);
    state.row = Math.min(state.row, maps.length - 1);
    state.column = Math.min(state.column, maps[0].length - 1);
    fill(false);
  }

  function fill(all) {
    state.filled = maps.map((line) => line.map(() => all));
    update(true);
  }

  function moveTo(row, column, speak) {
    state.row = Math.min(maps.length - 1, Math.max(0, row));
    state.column = Math.min(maps[0].length - 1, Math.max(0, column));
    update(speak);
  }

  /** Where a pointer is, from 0 to 1 across and down a canvas. */
  function placeOf(event, canvas) {
    const edges = canvas.getBoundingClientRect();
    return [(event.clientX - edges.left) / edges.width, (event.clientY - edges.top) / edges.height];
  }

  paper.addEventListener("pointermove", (event) => {
    moveTo(...cornerFor(placeOf(event, paper), image, kernels[state.kernel]), false);
  });
  map.addEventListener("pointermove", (event) => moveTo(...cornerFor(placeOf(event, map), maps, [[1]]), false));
  for (const canvas of [paper, map]) canvas.addEventListener("pointerleave", () => update(true));
  const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  paper.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    moveTo(state.row + step[0], state.column + step[1], true);
    event.preventDefault();
    event.stopPropagation();
  });

  root.lenetWindow = { state, choose, fill, moveTo, map: () => maps }; // for the browser's console, and for the tests
  choose(names[0]);
}

startOnce("lenet-window", startWindow);
