// The forward pass of a network, in plain JavaScript: no page and no library is needed.
// The values of a layer lie in one array, by row, column and map, as in Keras: {height, width, maps, values}.

/** 16-bit floats, written in base64, as numbers. */
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

/** A network as export.py describes it; each layer gets its own part of the weights, in the order of the layers. */
function readNetwork(description) {
  const numbers = decodeHalf(description.weights);
  let taken = 0;
  const take = (count) => numbers.subarray(taken, (taken += count));
  const layers = description.layers.map((layer) => {
    if (layer.kind === "subsampling") return { ...layer, weights: take(layer.shape[2]), biases: take(layer.shape[2]) };
    if (!layer.kernel) return layer;
    const [outputs] = layer.kernel.slice(-1);
    const weights = take(layer.kernel.reduce((product, side) => product * side));
    return { ...layer, weights, biases: layer.bias ? take(outputs) : new Float32Array(outputs) };
  });
  return { ...description, layers };
}

function empty(height, width, maps) {
  return { height, width, maps, values: new Float32Array(height * width * maps) };
}

const WINDOWS = new WeakMap(); // by layer: they are the same for every image

/** Where the windows of a layer lie: for one place of its output after the other, the places seen; -1 is outside. */
function windowsOf(layer, input) {
  if (WINDOWS.has(layer)) return WINDOWS.get(layer);
  const [rows, columns] = layer.window;
  const [down, right] = layer.strides;
  const [top, left] = layer.margins;
  const [height, width] = layer.shape;
  const places = new Int32Array(height * width * rows * columns);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let row = y * down - top; row < y * down - top + rows; row++) {
        for (let column = x * right - left; column < x * right - left + columns; column++) {
          const inside = row >= 0 && column >= 0 && row < input.height && column < input.width;
          places[at++] = inside ? row * input.width + column : -1;
        }
      }
    }
  }
  const windows = { places, size: rows * columns, count: height * width };
  WINDOWS.set(layer, windows);
  return windows;
}

function convolution(layer, input) {
  const [, , inputs, maps] = layer.kernel;
  const { places, size, count } = windowsOf(layer, input);
  const output = empty(...layer.shape);
  const sums = new Float64Array(maps);
  for (let unit = 0; unit < count; unit++) {
    sums.set(layer.biases);
    for (let k = 0; k < size; k++) {
      const place = places[unit * size + k];
      if (place < 0) continue;
      let at = k * inputs * maps;
      for (let i = 0; i < inputs; i++) {
        const value = input.values[place * inputs + i];
        for (let m = 0; m < maps; m++) sums[m] += value * layer.weights[at++];
      }
    }
    output.values.set(sums, unit * maps);
  }
  return output;
}

function pooling(layer, input) {
  const { places, size, count } = windowsOf(layer, input);
  const output = empty(...layer.shape);
  const maps = output.maps;
  for (let unit = 0; unit < count; unit++) {
    // Places of the window outside the input do not count, as in Keras.
    const seen = places.subarray(unit * size, (unit + 1) * size).filter((place) => place >= 0);
    for (let m = 0; m < maps; m++) {
      let sum = 0;
      let largest = -Infinity;
      for (const place of seen) {
        sum += input.values[place * maps + m];
        largest = Math.max(largest, input.values[place * maps + m]);
      }
      output.values[unit * maps + m] = layer.kind === "max" ? largest : sum / seen.length;
    }
  }
  return output;
}

function dense(layer, input) {
  const sums = Float64Array.from(layer.biases);
  let at = 0;
  for (const value of input.values) for (let u = 0; u < sums.length; u++) sums[u] += value * layer.weights[at++];
  return { height: 1, width: 1, maps: sums.length, values: Float32Array.from(sums) };
}

/** S2 and S4 of 1998: the sum of each 2×2 block times the map's coefficient, plus its bias. */
function subsampling(layer, input) {
  const output = pooling(layer, input);
  const maps = output.maps;
  output.values.forEach((mean, i) => (output.values[i] = 4 * mean * layer.weights[i % maps] + layer.biases[i % maps]));
  return output;
}

/** The output of 1998: squared distances to fixed numbers, one row of the kernel for each class. */
function distances(layer, input) {
  const [classes, numbers] = layer.kernel;
  const output = empty(1, 1, classes);
  for (let k = 0; k < classes; k++) {
    for (let u = 0; u < numbers; u++) output.values[k] += (input.values[u] - layer.weights[k * numbers + u]) ** 2;
  }
  return output;
}

const KINDS = {
  convolution,
  subsampling,
  distances,
  average: pooling,
  max: pooling,
  dense,
  flatten: (layer, input) => ({ height: 1, width: 1, maps: input.values.length, values: input.values }),
  activation: (layer, input) => ({ ...input, values: input.values.slice() }),
};
const ACTIVATIONS = {
  linear: null,
  tanh: Math.tanh,
  relu: (value) => Math.max(0, value),
  sigmoid: (value) => 1 / (1 + Math.exp(-value)),
  squash: (value) => 1.7159 * Math.tanh((2 * value) / 3),
};

/** The values of all layers, for an image given row by row, paper -0.1 to ink 1.175. */
function forward(network, image) {
  let now = { height: network.input[0], width: network.input[1], maps: 1, values: Float32Array.from(image) };
  return network.layers.map((layer) => {
    now = KINDS[layer.kind](layer, now);
    const activation = ACTIVATIONS[layer.activation];
    if (activation) now.values.forEach((value, i) => (now.values[i] = activation(value)));
    return now;
  });
}

/** The shares of the ten answers: softmax of the outputs, or of minus half the squared distances. */
function sharesOf(network, outputs) {
  return softmax(network.ends === "distances" ? outputs.map((distance) => -distance / 2) : outputs);
}

function softmax(outputs) {
  const largest = Math.max(...outputs);
  const powers = Array.from(outputs, (output) => Math.exp(output - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

if (typeof module === "object") module.exports = { readNetwork, forward, sharesOf, softmax, windowsOf }; // for the tests, in Node
