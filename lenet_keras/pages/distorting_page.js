// A digit under six sliders, and what two networks or more make of it side by side.

function startDistorting(root, { networks, digits, titles, chances }) {
  const names = Object.keys(networks);
  const all = names.map((name) => readNetwork(networks[name]));
  const [first] = all;
  const size = first.input;
  const [paper] = first.grey;
  const images = decodeDigits(digits, size[0] * size[1], first.grey);
  const sliders = [
    ["to the side", "right", -8, 8, 0.5, 0, "pixels"],
    ["up or down", "down", -8, 8, 0.5, 0, "pixels"],
    ["turned", "rotation", -60, 60, 1, 0, "degrees"],
    ["size", "scale", 0.4, 1.8, 0.02, 1, "times"],
    ["squeezed", "squeeze", 0.6, 1.7, 0.02, 1, "times as tall"],
    ["leaning", "shear", -0.8, 0.8, 0.02, 0, "columns a row"],
    ["stroke", "stroke", -1.5, 3, 0.1, 0, "pixels"],
    ["noise", "noise", 0, 0.5, 0.01, 0, "of the pixels"],
  ];
  const state = { number: 0, image: null, answers: [], ink: 1 };
  const values = Object.fromEntries(sliders.map(([, key, , , , start]) => [key, start]));

  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "A digit to distort, and what the networks read");
  const choices = make("div", { className: "lu-row" }, root);
  images.forEach((_, number) => {
    const button = make("button", { type: "button", textContent: titles[number] }, choices);
    button.addEventListener("click", () => show({ number }));
  });
  const top = make("div", { className: "ld-top" }, root);
  const left = make("div", { className: "ld-sheet" }, top);
  const canvas = { className: "ld-digit", width: size[1], height: size[0], role: "img", "aria-label": "The digit" };
  const digit = make("canvas", canvas, left);
  const kept = make("p", { className: "ld-kept" }, left);
  const controls = make("div", { className: "ld-sliders" }, top);
  const inputs = sliders.map(([name, key, min, max, step, start, unit]) => {
    const label = make("label", {}, controls);
    make("span", { textContent: name }, label);
    const input = make("input", { type: "range", min, max, step, value: start }, label);
    const told = make("output", {}, label);
    input.addEventListener("input", () => {
      values[key] = Number(input.value);
      show({});
    });
    return { input, told, key, start, unit };
  });
  const reset = make("button", { type: "button", textContent: "As it was" }, controls);
  reset.addEventListener("click", () => {
    for (const { input, key, start } of inputs) {
      values[key] = start;
      input.value = start;
    }
    show({});
  });
  const sideBySide = make("div", { className: "ld-readers" }, top);
  const readers = all.map((network, number) => {
    const column = make("div", { className: "ld-reader" }, sideBySide);
    const says = make("p", { className: "ld-says", role: "status" }, column);
    return { network, name: names[number], says, bars: tenBars(column) };
  });

  function distorted(image) {
    const warped = warp(image, size, affineMap(values), [values.down, values.right], paper);
    return invert(thicken(warped, size, values.stroke, paper), chances, values.noise, first.grey);
  }

  function show(change) {
    Object.assign(state, change);
    const original = images[state.number];
    state.image = distorted(original);
    const ink = (image) => image.reduce((sum, value) => sum + value - paper, 0);
    state.ink = ink(state.image) / ink(original);
    paint(digit, (y, x) => grey(state.image[y * size[1] + x], first.grey));
    kept.textContent = `Ink: ${(100 * state.ink).toFixed(0)} % of what it was.`;
    state.answers = readers.map(({ network, name, says, bars }) => {
      const layers = forward(network, state.image);
      const shares = sharesOf(network, Array.from(layers[layers.length - 1].values));
      const answer = shares.indexOf(Math.max(...shares));
      says.textContent = `${name}: ${answer} (${(100 * shares[answer]).toFixed(0)} %)`;
      bars(shares, answer);
      return answer;
    });
    for (const { told, key, unit } of inputs) told.textContent = `${values[key]} ${unit}`.replace("-", "−");
    images.forEach((_, number) => (choices.children[number].className = number === state.number ? "lu-on" : ""));
  }

  // For the tests: what was found last.
  root.lenetDistorting = { state };
  show({});
}

startOnce("lenet-distorting", startDistorting);
