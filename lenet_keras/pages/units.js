// What a unit sees, and a network that has learned nothing: no page is needed.

/** The part of the image that a unit can see: its first row and column, and how many rows and columns it has. */
function fieldOf(network, number, row, column) {
  const [size, step, start] = [[1, 1], [1, 1], [0, 0]];
  let sides = network.input;
  let whole = false; // after flattening, a unit sees all places of the map before
  for (const layer of network.layers.slice(0, number + 1)) {
    for (const axis of [0, 1]) {
      if (layer.window) {
        start[axis] -= layer.margins[axis] * step[axis];
        size[axis] += (layer.window[axis] - 1) * step[axis];
        step[axis] *= layer.strides[axis];
      } else if (layer.kind === "flatten") {
        size[axis] += (sides[axis] - 1) * step[axis];
      }
    }
    whole = whole || layer.kind === "flatten";
    sides = layer.shape;
  }
  const place = whole ? [0, 0] : [row, column];
  return { row: start[0] + step[0] * place[0], column: start[1] + step[1] * place[1], rows: size[0], columns: size[1] };
}

/** Random numbers from 0 to 1, the same for the same seed. */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same network before any training: weights as Keras draws them (Glorot's uniform), biases 0. */
function freshNetwork(network, seed) {
  const random = randomNumbers(seed);
  const layers = network.layers.map((layer) => {
    if (!layer.kernel) return layer;
    const places = layer.kernel.slice(0, -2).reduce((product, side) => product * side, 1);
    const [inputs, outputs] = layer.kernel.slice(-2);
    const limit = Math.sqrt(6 / (places * (inputs + outputs)));
    const weights = layer.weights.map(() => limit * (2 * random() - 1));
    return { ...layer, weights, biases: new Float32Array(layer.biases.length) };
  });
  return { ...network, layers };
}

if (typeof module === "object") module.exports = { fieldOf, freshNetwork }; // for the tests, in Node
