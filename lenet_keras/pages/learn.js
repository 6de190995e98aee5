// Learning in plain JavaScript: the slopes of the loss for every weight, and steps against them. network.js computes
// forward; here is the way back. No page is needed.

if (typeof require === "function" && typeof forward === "undefined") {
  Object.assign(globalThis, require("./network.js")); // in Node; on a page network.js stands before this file
}

const SLOPES = {
  // of each activation, from its value
  linear: null,
  tanh: (value) => 1 - value * value,
  relu: (value) => (value > 0 ? 1 : 0),
  sigmoid: (value) => value * (1 - value),
  squash: (value) => (2 / 3 / 1.7159) * (1.7159 * 1.7159 - value * value),
};

/** Zeros in the shape of a network's weights: {weights, biases} for each layer that has them, else null. */
function zeros({ layers }) {
  return layers.map((layer) => {
    if (!layer.weights) return null;
    return { weights: new Float64Array(layer.weights.length), biases: new Float64Array(layer.biases.length) };
  });
}

/** Adds a convolution's slopes to `own`, and gives those of its input. */
function convolutionBack(layer, input, slopes, own) {
  const [, , inputs, maps] = layer.kernel;
  const { places, size, count } = windowsOf(layer, input);
  const before = new Float64Array(input.values.length);
  for (let unit = 0; unit < count; unit++) {
    const from = unit * maps;
    for (let m = 0; m < maps; m++) own.biases[m] += slopes[from + m];
    for (let k = 0; k < size; k++) {
      const place = places[unit * size + k];
      if (place < 0) continue;
      let at = k * inputs * maps;
      for (let i = place * inputs; i < (place + 1) * inputs; i++) {
        let sum = 0;
        for (let m = 0; m < maps; m++, at++) {
          own.weights[at] += input.values[i] * slopes[from + m];
          sum += layer.weights[at] * slopes[from + m];
        }
        before[i] += sum;
      }
    }
  }
  return before;
}

function poolingBack(layer, input, slopes) {
  const { places, size, count } = windowsOf(layer, input);
  const maps = layer.shape[2];
  const before = new Float64Array(input.values.length);
  for (let unit = 0; unit < count; unit++) {
    const seen = places.subarray(unit * size, (unit + 1) * size).filter((place) => place >= 0);
    for (let m = 0; m < maps; m++) {
      const slope = slopes[unit * maps + m];
      const at = (place) => place * maps + m;
      const larger = (a, b) => (input.values[at(b)] > input.values[at(a)] ? b : a);
      if (layer.kind === "average") for (const place of seen) before[at(place)] += slope / seen.length;
      else before[at(seen.reduce(larger))] += slope;
    }
  }
  return before;
}

function denseBack(layer, input, slopes, own) {
  const units = layer.kernel[1];
  slopes.forEach((slope, u) => (own.biases[u] += slope));
  return Float64Array.from(input.values, (value, i) => {
    let sum = 0;
    for (let u = 0; u < units; u++) {
      own.weights[i * units + u] += value * slopes[u];
      sum += layer.weights[i * units + u] * slopes[u];
    }
    return sum;
  });
}

const BACK = {
  convolution: convolutionBack,
  average: poolingBack,
  max: poolingBack,
  dense: denseBack,
  flatten: (layer, input, slopes) => slopes,
  activation: (layer, input, slopes) => slopes,
};

/**
 * The cross-entropy of one image, whose slopes are added to `own`, as `zeros` makes it.
 * Networks that end in logits or softmax only.
 */
function slopesOf(network, image, label, own) {
  const values = forward(network, image);
  const [height, width] = network.input;
  const shares = softmax(values[values.length - 1].values);
  let slopes = Float64Array.from(shares, (share, k) => share - (k === label ? 1 : 0)); // p − y, lesson 06
  for (let number = network.layers.length - 1; number >= 0; number--) {
    const layer = network.layers[number];
    const input = number ? values[number - 1] : { height, width, maps: 1, values: image };
    const slope = SLOPES[layer.activation];
    if (slope) slopes = slopes.map((each, k) => each * slope(values[number].values[k]));
    slopes = BACK[layer.kind](layer, input, slopes, own[number]);
  }
  return -Math.log(Math.max(shares[label], 1e-30));
}

/** One step of gradient descent on some digits {image, label}; returns their mean loss before it. */
function learnOnce(network, digits, rate) {
  const own = zeros(network);
  const loss = digits.reduce((sum, { image, label }) => sum + slopesOf(network, image, label, own), 0);
  network.layers.forEach((layer, number) => {
    if (!own[number]) return;
    const step = rate / digits.length;
    for (const part of ["weights", "biases"]) {
      if (part === "biases" && layer.bias === false) continue;
      own[number][part].forEach((slope, i) => (layer[part][i] -= step * slope));
    }
  });
  return loss / digits.length;
}

if (typeof module === "object") module.exports = { zeros, slopesOf, learnOnce }; // for the tests, in Node
