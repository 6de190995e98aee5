// A line of writing, prepared for the network that is swept over it, and its map of outputs read; no page is needed.

if (typeof require === "function" && typeof blacken === "undefined") {
  Object.assign(globalThis, require("./drawing.js")); // in Node; on a page drawing.js stands before this file
}

/**
 * The strokes of a whole line as an image (height × width): the line is made `box` pixels high, drawn with a round pen
 * with grey edges, and put into the middle of the rows. Returns {image, left, top, scale}: where the paper's corner and
 * unit come to lie.
 */
function drawLine(strokes, drawing, [height, width], [paper, ink]) {
  const { box, pen, fine } = drawing;
  const points = strokes.flat();
  const [tops, lefts] = [points.map(([, y]) => y), points.map(([x]) => x)];
  const [top, bottom, left] = [Math.min(...tops), Math.max(...tops), Math.min(...lefts)];
  const right = Math.max(...lefts);
  const margin = 8; // room before the first digit, so that it can lie in the middle of a window
  const room = width - 2 * margin - pen;
  const scale = Math.min((box - pen) / Math.max(bottom - top, 0.02), room / Math.max(right - left, 1e-6));
  const [above, before] = [(height - scale * (bottom - top)) / 2, margin + pen / 2];
  const placed = strokes.map((stroke) => stroke.map(([x, y]) => [before + (x - left) * scale, above + (y - top) * scale]));
  const black = new Uint8Array(height * fine * width * fine);
  for (const stroke of placed) {
    const line = stroke.length > 1 ? stroke : [stroke[0], stroke[0]];
    for (let i = 1; i < line.length; i++) blacken(black, [height, width], fine, line[i - 1], line[i], pen / 2);
  }
  const image = new Float32Array(height * width).fill(paper);
  const across = width * fine;
  for (let i = 0; i < black.length; i++) {
    if (!black[i]) continue;
    const place = Math.floor(Math.floor(i / across) / fine) * width + Math.floor((i % across) / fine);
    image[place] += (ink - paper) / fine ** 2;
  }
  return { image, left: before - left * scale, top: above - top * scale, scale };
}

/**
 * The map of outputs, one row of log-probabilities for each place, as lenet_keras.strings.sweep: the network ends in one
 * row of places, `step` pixels apart. In more than one pass the image is moved to the left, and the places take turns.
 */
function sweep(network, image, passes = 1, step = 4) {
  const [height, width] = network.input;
  const maps = Array.from({ length: passes }, (_, pass) => {
    const moved = (pass * step) / passes;
    const shifted = new Float32Array(height * width).fill(network.grey[0]);
    for (let y = 0; y < height; y++) shifted.set(image.subarray(y * width + moved, (y + 1) * width), y * width);
    const [last] = forward(network, shifted).slice(-1);
    return Array.from({ length: last.width }, (_, place) => logShares(last.values, place * last.maps, last.maps));
  });
  return maps[0].flatMap((_, place) => maps.map((map) => map[place]));
}

/** The log-probabilities of the outputs at one place. */
function logShares(values, first, count) {
  const outputs = values.subarray(first, first + count);
  const largest = Math.max(...outputs);
  const sum = outputs.reduce((total, output) => total + Math.exp(output - largest), 0);
  return Array.from(outputs, (output) => output - largest - Math.log(sum));
}

/** The best path through a map of outputs: as lenet_keras.strings.decode. Returns {text, path}. */
function decodeMap(map, price) {
  const blank = map[0].length - 1;
  const cost = (to, from) => (to === from || to === blank ? 0 : price);
  let best = map[0].map((value, k) => value - (k === blank ? 0 : price));
  const cameFrom = [];
  for (const here of map.slice(1)) {
    const origins = here.map((_, to) => {
      let origin = 0;
      for (let from = 1; from <= blank; from++) {
        if (best[from] - cost(to, from) > best[origin] - cost(to, origin)) origin = from;
      }
      return origin;
    });
    best = here.map((value, to) => value + best[origins[to]] - cost(to, origins[to]));
    cameFrom.push(origins);
  }
  let now = best.indexOf(Math.max(...best));
  const path = [now];
  for (const origins of cameFrom.reverse()) path.unshift((now = origins[now]));
  const text = path.filter((each, i) => each !== blank && each !== path[i - 1]).join("");
  return { text, path };
}

if (typeof module === "object") module.exports = { drawLine, decodeMap, sweep }; // for the tests, in Node
