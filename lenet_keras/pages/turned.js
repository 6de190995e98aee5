// A bowl of two weights that can be turned, and two descents in it: with one rate, and with a rate for each weight.
// The upper functions only compute; tests/test_pages_turned.py compares them with Python's.

/** The second derivatives of the turned bowl, [[a, b], [b, d]]. */
function secondDerivatives({ curvatures: [first, second] }, degrees) {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const b = (first - second) * c * s;
  return [
    [first * c * c + second * s * s, b],
    [b, first * s * s + second * c * c],
  ];
}

/** The places of descent, the start first, which turns with the bowl. */
function descendTurned(bowl, degrees, steps, own) {
  const [[a, b], [, d]] = secondDerivatives(bowl, degrees);
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [u, v] = bowl.start;
  const rates = own ? [bowl.eta / a, bowl.eta / d] : [bowl.rate, bowl.rate];
  const places = [[c * u - s * v, s * u + c * v]];
  for (let step = 0; step < steps; step++) {
    const [p, q] = places[places.length - 1];
    places.push([p - rates[0] * (a * p + b * q), q - rates[1] * (b * p + d * q)]);
  }
  return places;
}

function lossTurned(bowl, degrees, [p, q]) {
  const [[a, b], [, d]] = secondDerivatives(bowl, degrees);
  return (a * p * p + 2 * b * p * q + d * q * q) / 2;
}

function startTurned(root, bowl) {
  const SVG = "http://www.w3.org/2000/svg";
  const [WIDTH, HEIGHT, SCALE] = [420, 320, 95]; // pixels; pixels for a unit
  const WAYS = [
    { name: "one rate", own: false, colour: "#D55E00" },
    { name: "a rate for each", own: true, colour: "#0072B2" },
  ];

  function draw(kind, attributes, parent) {
    const element = document.createElementNS(SVG, kind);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    parent.append(element);
    return element;
  }

  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Two descents in a bowl, with sliders that turn it and count the steps");

  function slider(name, attributes) {
    const label = make("label", { textContent: `${name} ` }, root);
    const input = make("input", { type: "range", ...attributes }, label);
    return { input, shown: make("output", {}, label) };
  }
  const turned = slider("turned by", { min: 0, max: 90, step: 5, value: bowl.turned });
  const steps = slider("steps", { min: 0, max: 40, step: 1, value: bowl.steps });

  const picture = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, role: "img" }, root);
  draw("rect", { width: WIDTH, height: HEIGHT, fill: "#fff" }, picture);
  const lines = draw("g", { fill: "none", stroke: "#bbb" }, picture);
  for (const level of bowl.levels) {
    const [rx, ry] = bowl.curvatures.map((curvature) => SCALE * Math.sqrt((2 * level) / curvature));
    draw("ellipse", { rx, ry }, lines);
  }
  for (const way of WAYS) {
    way.line = draw("polyline", { fill: "none", stroke: way.colour, "stroke-width": 1.5 }, picture);
    way.marks = draw("g", { fill: way.colour }, picture);
    way.said = make("p", {}, root);
    way.said.style.color = way.colour;
    way.said.setAttribute("aria-live", "polite");
  }
  const state = { ways: WAYS };

  function update() {
    const degrees = Number(turned.input.value);
    turned.shown.textContent = `${degrees}°`;
    steps.shown.textContent = steps.input.value;
    lines.setAttribute("transform", `translate(${WIDTH / 2} ${HEIGHT / 2}) rotate(${-degrees})`);
    for (const way of WAYS) {
      way.places = descendTurned(bowl, degrees, Number(steps.input.value), way.own);
      const points = way.places.map(([p, q]) => [WIDTH / 2 + SCALE * p, HEIGHT / 2 - SCALE * q]);
      way.line.setAttribute("points", points.map((point) => point.join(",")).join(" "));
      way.marks.replaceChildren();
      for (const [x, y] of points) draw("circle", { cx: x, cy: y, r: 3 }, way.marks);
      const loss = lossTurned(bowl, degrees, way.places[way.places.length - 1]);
      way.said.textContent = `${way.name}: loss ${loss.toPrecision(2)}`;
    }
    picture.setAttribute("aria-label", `Turned by ${degrees} degrees; ${WAYS.map((way) => way.said.textContent).join("; ")}`);
  }

  turned.input.addEventListener("input", update);
  steps.input.addEventListener("input", update);
  root.lenetTurned = { state }; // for the tests
  update();
}

if (typeof module === "object") module.exports = { secondDerivatives, descendTurned, lossTurned }; // for the tests, in Node
else startOnce("lenet-turned", startTurned);
