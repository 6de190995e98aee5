// Digits moved, squeezed, drawn thicker or soiled: what lenet_keras/distort.py does, for one image; no page is needed.
// Images are arrays, row by row.

/** The matrix of an affine map, from the result to the original: squeezed, scaled and sheared, then rotated. */
function affineMap({ rotation = 0, scale = 1, squeeze = 1, shear = 0 }) {
  const upright = [
    [1 / (scale * squeeze), 0],
    [shear / scale, squeeze / scale],
  ];
  const [cosine, sine] = [Math.cos((rotation * Math.PI) / 180), Math.sin((rotation * Math.PI) / 180)];
  const turned = [
    [cosine, sine],
    [-sine, cosine],
  ];
  return upright.map((row) => [0, 1].map((k) => row[0] * turned[0][k] + row[1] * turned[1][k]));
}

/** An image under an affine map about its centre, then moved down and to the right; interpolated linearly. */
function warp(image, [height, width], matrix, [down, right], paper) {
  const result = new Float32Array(height * width);
  const [middleRow, middleColumn] = [(height - 1) / 2, (width - 1) / 2];
  const at = (r, c) => (r < 0 || c < 0 || r >= height || c >= width ? paper : image[r * width + c]);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [y, x] = [row - middleRow - down, column - middleColumn - right];
      const r = matrix[0][0] * y + matrix[0][1] * x + middleRow;
      const c = matrix[1][0] * y + matrix[1][1] * x + middleColumn;
      const [top, left] = [Math.floor(r), Math.floor(c)];
      const [lower, later] = [r - top, c - left];
      result[row * width + column] =
        (1 - lower) * ((1 - later) * at(top, left) + later * at(top, left + 1)) +
        lower * ((1 - later) * at(top + 1, left) + later * at(top + 1, left + 1));
    }
  }
  return result;
}

/** Strokes thicker by so many pixels on each side, or thinner where the amount is below 0. */
function thicken(image, [height, width], amount, paper) {
  const extreme = amount > 0 ? Math.max : Math.min;
  let now = Float32Array.from(image);
  for (let left = Math.abs(amount); left > 0; left--) {
    const part = Math.min(1, left);
    const before = now;
    const at = (r, c) => (r < 0 || c < 0 || r >= height || c >= width ? paper : before[r * width + c]);
    now = before.map((value, i) => {
      const [r, c] = [Math.floor(i / width), i % width];
      const all = extreme(value, at(r - 1, c), at(r + 1, c), at(r, c - 1), at(r, c + 1));
      return value + part * (all - value);
    });
  }
  return now;
}

/** Pixels inverted where their chance, from 0 to 1, lies below the probability. */
function invert(image, chances, probability, [paper, ink]) {
  return image.map((value, i) => (chances[i] < probability ? paper + ink - value : value));
}

if (typeof module === "object") module.exports = { affineMap, warp, thicken, invert }; // for the tests, in Node
