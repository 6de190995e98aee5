// From strokes to the digit that MNIST would have made of them. still.py does the same in Python.
// `drawing` holds the sizes, from still.py: field, box and pen in pixels, fine, and smallest.

/** How the strokes are fitted into the box: their left and top edge go to `corner`, times `scale`. */
function fit(strokes, { field, box, pen, smallest }) {
  const edges = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, y] of strokes.flat()) {
    edges[0] = Math.min(edges[0], x);
    edges[1] = Math.max(edges[1], x);
    edges[2] = Math.min(edges[2], y);
    edges[3] = Math.max(edges[3], y);
  }
  const scale = (box - pen) / Math.max(edges[1] - edges[0], edges[3] - edges[2], smallest);
  return { left: edges[0], top: edges[2], scale, corner: (field - box) / 2 + pen / 2 };
}

/** Ink from 0 to 1, field × field: the strokes fitted into the box, drawn with a round pen, with grey edges. */
function drawInk(strokes, drawing) {
  const { field, pen, fine } = drawing;
  const { left, top, scale, corner } = fit(strokes, drawing);
  const side = field * fine; // each pixel is drawn fine × fine times finer, then averaged
  const black = new Uint8Array(side * side);
  for (const stroke of strokes) {
    const points = stroke.map(([x, y]) => [corner + (x - left) * scale, corner + (y - top) * scale]);
    if (points.length === 1) points.push(points[0]); // a tap is a dot
    for (let i = 1; i < points.length; i++) blacken(black, [field, field], fine, points[i - 1], points[i], pen / 2);
  }
  const ink = new Float64Array(field * field);
  black.forEach((value, i) => {
    if (value) ink[Math.floor(i / side / fine) * field + Math.floor((i % side) / fine)] += 1 / fine ** 2;
  });
  return ink.map((value) => Math.round(255 * value) / 255);
}

/**
 * Blackens every fine place that is not farther than `radius` from the line between two points, in pixels; `black` has
 * fine × fine places in each pixel.
 */
function blacken(black, [height, width], fine, [x1, y1], [x2, y2], radius) {
  const [right, down] = [x2 - x1, y2 - y1];
  const length = Math.max(right * right + down * down, 1e-12);
  const first = (a, b) => Math.max(0, Math.floor((Math.min(a, b) - radius) * fine));
  const last = (a, b, side) => Math.min(side * fine - 1, Math.ceil((Math.max(a, b) + radius) * fine));
  const across = width * fine;
  for (let row = first(y1, y2); row <= last(y1, y2, height); row++) {
    for (let column = first(x1, x2); column <= last(x1, x2, width); column++) {
      if (black[row * across + column]) continue;
      const [x, y] = [(column + 0.5) / fine - x1, (row + 0.5) / fine - y1];
      const along = Math.min(1, Math.max(0, (x * right + y * down) / length));
      if ((x - along * right) ** 2 + (y - along * down) ** 2 <= radius ** 2) black[row * across + column] = 1;
    }
  }
}

/** By how many whole pixels, down and right, the ink's centre of mass comes to the middle, as far as the field allows. */
function shiftToCentre(ink, field) {
  let mass = 0;
  const moment = [0, 0];
  const first = [field, field];
  const last = [0, 0];
  ink.forEach((value, i) => {
    if (!value) return;
    const place = [Math.floor(i / field), i % field];
    mass += value;
    for (const axis of [0, 1]) {
      moment[axis] += value * place[axis];
      first[axis] = Math.min(first[axis], place[axis]);
      last[axis] = Math.max(last[axis], place[axis]);
    }
  });
  return [0, 1].map((axis) => {
    const wanted = Math.floor(field / 2 - moment[axis] / mass + 0.5 + 1e-6); // the tie rule of data/placing.py
    return Math.max(-first[axis], Math.min(wanted, field - 1 - last[axis]));
  });
}

/** The ink moved so that its centre of mass lies in the middle. */
function centreInk(ink, field) {
  const [down, right] = shiftToCentre(ink, field);
  const result = new Float64Array(field * field);
  ink.forEach((value, i) => {
    if (value) result[(Math.floor(i / field) + down) * field + (i % field) + right] = value;
  });
  return result;
}

/** The digit that MNIST would have made of the strokes: ink from 0 to 1, field × field. */
function prepare(strokes, drawing) {
  return centreInk(drawInk(strokes, drawing), drawing.field);
}

/** Where a network's image lies on the paper, which is 1 wide: the image's left and top edge, and a pixel's side. */
function onPaper(strokes, drawing, [height, width]) {
  const { left, top, scale, corner } = fit(strokes, drawing);
  const [down, right] = shiftToCentre(drawInk(strokes, drawing), drawing.field);
  const [before, above] = [Math.floor((width - drawing.field) / 2), Math.floor((height - drawing.field) / 2)];
  return { left: left - (corner + right + before) / scale, top: top - (corner + down + above) / scale, side: 1 / scale };
}

/** The image that a network is given: the digit in the middle of paper, grey from paper -0.1 to ink 1.175. */
function frameInk(ink, field, [height, width], [paper, black]) {
  const image = new Float32Array(height * width).fill(paper);
  const top = Math.floor((height - field) / 2);
  const left = Math.floor((width - field) / 2);
  ink.forEach((value, i) => {
    image[(Math.floor(i / field) + top) * width + (i % field) + left] = paper + (black - paper) * value;
  });
  return image;
}

if (typeof module === "object") module.exports = { blacken, drawInk, centreInk, onPaper, prepare, frameInk }; // for the tests, in Node
