// A kernel that slides over an image, in plain JavaScript: no page and no library is needed.
// Images, kernels and maps are lists of rows, each a list of numbers.

/** The part of the image that lies under a kernel of that size, its upper left corner at (row, column). */
function windowAt(image, [rows, columns], row, column) {
  return image.slice(row, row + rows).map((line) => line.slice(column, column + columns));
}

/** Each number of the window times the kernel's number at the same place. */
function products(seen, kernel) {
  return seen.map((line, row) => line.map((value, column) => value * kernel[row][column]));
}

function total(rows) {
  return rows.flat().reduce((sum, value) => sum + value, 0);
}

/** The map: the sum of the products, for every place where the kernel lies inside the image. */
function slide(image, kernel) {
  const size = [kernel.length, kernel[0].length];
  const places = (whole, part) => Array.from({ length: whole - part + 1 }, (_, place) => place);
  return places(image.length, size[0]).map((row) =>
    places(image[0].length, size[1]).map((column) => total(products(windowAt(image, size, row, column), kernel)))
  );
}

/** Where the window stands whose middle is nearest to a place on the image (from 0 to 1, across and down). */
function cornerFor([across, down], image, kernel) {
  const inside = (share, whole, part) => Math.min(whole - part, Math.max(0, Math.round(share * whole - part / 2)));
  return [inside(down, image.length, kernel.length), inside(across, image[0].length, kernel[0].length)];
}

if (typeof module === "object") module.exports = { windowAt, products, total, slide, cornerFor }; // for tests in Node
