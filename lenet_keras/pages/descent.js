// Gradient descent on a bowl with two weights: a slider for the rate, one for the steps, and the way that they make.
// The upper functions only compute; tests/test_pages_descent.py compares them with Python's.

/** The places (u, v) of descent on E = (flat u² + steep v²)/2, the start first. */
function descend({ flat, steep, start }, rate, steps) {
  const places = [start.slice()];
  for (let step = 0; step < steps; step++) {
    const [u, v] = places[places.length - 1];
    places.push([u - rate * flat * u, v - rate * steep * v]);
  }
  return places;
}

function lossAt({ flat, steep }, [u, v]) {
  return (flat * u * u + steep * v * v) / 2;
}

/** What happens along the steep direction at a rate: each step multiplies its distance by 1 − rate · steep. */
function verdict({ steep }, rate) {
  const factor = 1 - rate * steep;
  if (Math.abs(factor) > 1 + 1e-9) return "too large: each step leads further away";
  if (Math.abs(factor) > 1 - 1e-9) return "at the limit: it jumps to and fro for ever";
  if (factor < -1e-9) return "it jumps across the valley, and still comes nearer";
  return "it walks down on one side";
}

function startDescent(root, bowl) {
  const SVG = "http://www.w3.org/2000/svg";
  const WIDTH = 560;
  const HEIGHT = 240;
  const SCALE = 50; // pixels for a unit
  const across = (u) => WIDTH / 2 + SCALE * Math.max(-20, Math.min(20, u));
  const down = (v) => HEIGHT / 2 - SCALE * Math.max(-20, Math.min(20, v));

  function draw(kind, attributes, parent) {
    const element = document.createElementNS(SVG, kind);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    parent.append(element);
    return element;
  }

  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Gradient descent in a bowl, with sliders for the learning rate and the steps");

  function slider(name, attributes) {
    const label = make("label", { textContent: `${name} ` }, root);
    const input = make("input", { type: "range", ...attributes }, label);
    return { input, shown: make("output", {}, label) };
  }
  const rate = slider("learning rate", { min: 0.005, max: 0.22, step: 0.005, value: bowl.rate });
  const steps = slider("steps", { min: 0, max: 60, step: 1, value: bowl.steps });

  const picture = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: "img" }, root);
  for (const level of bowl.levels) {
    const radii = { rx: SCALE * Math.sqrt((2 * level) / bowl.flat), ry: SCALE * Math.sqrt((2 * level) / bowl.steep) };
    draw("ellipse", { cx: WIDTH / 2, cy: HEIGHT / 2, ...radii, fill: "none", stroke: "#bbb" }, picture);
  }
  draw("circle", { cx: WIDTH / 2, cy: HEIGHT / 2, r: 4, fill: "#009E73" }, picture);
  const way = draw("polyline", { fill: "none", stroke: "#0072B2", "stroke-width": 1.5 }, picture);
  const marks = draw("g", { fill: "#D55E00" }, picture);
  const said = make("p", {}, root);
  said.setAttribute("aria-live", "polite");
  const state = {};

  function update() {
    state.rate = Number(rate.input.value);
    state.places = descend(bowl, state.rate, Number(steps.input.value));
    state.loss = lossAt(bowl, state.places[state.places.length - 1]);
    const points = state.places.map(([u, v]) => [across(u), down(v)]);
    way.setAttribute("points", points.map((point) => point.join(",")).join(" "));
    marks.replaceChildren();
    for (const [x, y] of points) draw("circle", { cx: x, cy: y, r: 3 }, marks);
    rate.shown.textContent = state.rate.toFixed(3);
    steps.shown.textContent = steps.input.value;
    const loss = state.loss < 1e6 ? state.loss.toPrecision(3) : state.loss.toExponential(1);
    state.text = `Loss ${lossAt(bowl, bowl.start).toPrecision(3)} at the start, ${loss} now: ${verdict(bowl, state.rate)}.`;
    said.textContent = state.text;
    picture.setAttribute("aria-label", state.text);
  }

  rate.input.addEventListener("input", update);
  steps.input.addEventListener("input", update);
  root.lenetDescent = { state }; // for the tests
  update();
}

if (typeof module === "object") module.exports = { descend, lossAt, verdict }; // for the tests, in Node
else startOnce("lenet-descent", startDescent);
