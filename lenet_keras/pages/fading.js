// What lies under the pointer goes towards another value, without an edge: no page is needed.

/** An image of which a round window is mixed with a value: wholly in its middle, half at the distance `spread`. */
function fadeAt(image, width, row, column, spread, value) {
  return image.map((before, i) => {
    const [down, right] = [Math.floor(i / width) - row, (i % width) - column];
    const share = 0.5 ** ((down * down + right * right) / spread ** 2);
    return (1 - share) * before + share * value;
  });
}

/** An image of which a square of 2 · half + 1 pixels a side has one value. */
function coverAt(image, width, row, column, half, value) {
  return image.map((before, i) => {
    const [down, right] = [Math.floor(i / width) - row, (i % width) - column];
    return Math.abs(down) <= half && Math.abs(right) <= half ? value : before;
  });
}

if (typeof module === "object") module.exports = { fadeAt, coverAt }; // for the tests, in Node
