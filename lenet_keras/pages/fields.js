// What one unit of a network sees, and how its value comes about: no page is needed. Places are [row, column].

/** The rows and columns [first, last] of a layer's input that units [first, last] of the layer see on one axis. */
function seen(layer, axis, [first, last], size) {
  if (!layer.window) return [0, size - 1];
  const begin = first * layer.strides[axis] - layer.margins[axis];
  const end = last * layer.strides[axis] - layer.margins[axis] + layer.window[axis] - 1;
  return [Math.max(0, begin), Math.min(size - 1, end)];
}

/**
 * The receptive field of a unit: for every layer before its own, and last for the image (number -1), the rows and
 * columns that it sees there: [{number, rows: [first, last], columns: [first, last]}].
 */
function receptiveField(network, number, [row, column]) {
  const fields = [];
  let rows = [row, row];
  let columns = [column, column];
  for (let at = number; at >= 0; at--) {
    const layer = network.layers[at];
    const [height, width] = at ? network.layers[at - 1].shape : network.input;
    if (layer.kind !== "activation") {
      // After a Flatten layer the places are lost: what follows sees everything.
      rows = seen(layer, 0, rows, height);
      columns = seen(layer, 1, columns, width);
    }
    fields.push({ number: at - 1, rows, columns });
  }
  return fields;
}

/**
 * How a unit's value comes about from the layer before: {parts, bias, sum, value}. A part is one map of the input:
 * {map, rows, columns, values, weights, products, sum}; maps without a link are left out. `weights` is null where
 * there are none (pooling).
 */
function explain(network, before, after, number, [row, column], map) {
  const layer = network.layers[number];
  const value = after.values[(row * after.width + column) * after.maps + map];
  const rows = seen(layer, 0, [row, row], before.height);
  const columns = seen(layer, 1, [column, column], before.width);
  const [down, across] = [rows[1] - rows[0] + 1, columns[1] - columns[0] + 1];
  const oneMap = ["average", "max", "subsampling"].includes(layer.kind);
  const parts = [];
  for (let i = oneMap ? map : 0; i < (oneMap ? map + 1 : before.maps); i++) {
    const part = { map: i, rows, columns, values: [], weights: layer.weights ? [] : null, products: [], sum: 0 };
    for (let r = 0; r < down; r++) {
      for (let c = 0; c < across; c++) {
        const seenValue = before.values[((rows[0] + r) * before.width + columns[0] + c) * before.maps + i];
        part.values.push(seenValue);
        let product = seenValue;
        if (layer.weights) {
          const weight = weightOf(layer, [rows[0] + r, columns[0] + c], [row, column], i, map, before.maps);
          part.weights.push(weight);
          product = layer.kind === "distances" ? (seenValue - weight) ** 2 : seenValue * weight;
        }
        part.products.push(product);
        part.sum += product;
      }
    }
    const linked = !part.weights || layer.kind === "distances" || part.weights.some((weight) => weight !== 0);
    if (linked) parts.push(part);
  }
  const total = parts.reduce((sum, part) => sum + part.sum, 0);
  const bias = layer.biases ? layer.biases[map] : 0;
  let sum = total + bias;
  if (layer.kind === "average") sum = total / parts[0].values.length;
  if (layer.kind === "max") sum = Math.max(...parts[0].values);
  return { kind: layer.kind, activation: layer.activation, parts, bias, sum, value };
}

/** The weight between a place of the input's map `i` and a unit of map `m`. */
function weightOf(layer, [r, c], [row, column], i, m, maps) {
  if (layer.kind === "subsampling") return layer.weights[m];
  if (layer.kind === "distances") return layer.weights[m * layer.kernel[1] + i];
  if (layer.kind === "dense") return layer.weights[i * layer.kernel[1] + m];
  const [u, v] = [
    r - row * layer.strides[0] + layer.margins[0],
    c - column * layer.strides[1] + layer.margins[1],
  ];
  return layer.weights[((u * layer.kernel[1] + v) * maps + i) * layer.kernel[3] + m];
}

/** How many pixels of the image lie between neighbouring units of each layer, down and across; 0 where places are lost. */
function steps(network) {
  let now = [1, 1];
  return network.layers.map((layer) => {
    if (layer.kind === "flatten" || layer.kind === "dense" || layer.kind === "distances") now = [0, 0];
    if (layer.strides) now = now.map((step, axis) => step * layer.strides[axis]);
    return now;
  });
}

if (typeof module === "object") module.exports = { receptiveField, explain, steps }; // for the tests, in Node
