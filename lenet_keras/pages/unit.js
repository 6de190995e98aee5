// The panel of the pad that says, in numbers and colours, how the value of one unit comes about.

function makeUnitPanel(parent) {
  const panel = make("div", { className: "lp-unit" }, parent);
  const title = make("p", { className: "lp-unit-title", "aria-live": "polite" }, panel);
  const field = make("p", {}, panel);
  const blocks = make("div", { className: "lp-blocks" }, panel);
  const result = make("p", { className: "lp-result" }, panel);

  /** A number as it is read: two places, the minus sign of print. */
  function told(value) {
    return value.toFixed(2).replace("-0.00", "0.00").replace("-", "−");
  }

  /** A block of numbers (rows × columns) in colour; where there is room, the numbers too. */
  function block(caption, values, columns, limit, numbers) {
    const box = make("div", { className: "lp-block" }, blocks);
    if (caption) make("div", { className: "lp-caption", textContent: caption }, box);
    const grid = make("div", { className: numbers ? "lp-grid lp-numbers" : "lp-grid" }, box);
    grid.style.gridTemplateColumns = `repeat(${columns}, auto)`;
    for (const value of values) {
      const [red, green, blue] = signed(value / limit);
      const cell = make("span", {}, grid);
      cell.style.background = `rgb(${red}, ${green}, ${blue})`;
      if (!numbers) continue;
      cell.textContent = told(value);
      if (red + green + blue < 380) cell.style.color = "#fff";
    }
    return box;
  }

  const largest = (lists) => Math.max(1e-9, ...lists.flat().map(Math.abs));

  function clear() {
    title.textContent = field.textContent = result.textContent = "";
    blocks.replaceChildren();
  }

  /** Shows one unit: its layer, place and map, what `explain` found, and what it sees of the image. */
  function show(layer, { row, column, map }, { kind, activation, parts, bias, sum, value }, image) {
    blocks.replaceChildren();
    const single = layer.shape[0] * layer.shape[1] === 1;
    const place = single ? `unit ${map}` : `map ${map}, row ${row}, column ${column}`;
    title.textContent = `${layer.name}, ${place}: ${told(value)}`;
    const span = ([first, last]) => `${first} to ${last}`;
    field.textContent = `It sees rows ${span(image.rows)} and columns ${span(image.columns)} of the image.`;
    const [across] = parts.map((part) => part.columns[1] - part.columns[0] + 1);
    const values = largest(parts.map((part) => part.values));
    const weights = parts[0].weights && largest(parts.map((part) => part.weights));
    const products = largest(parts.map((part) => part.products));
    if (kind === "distances") {
      const all = (key) => parts.map((part) => part[key][0]);
      const columns = parts.length === 84 ? 7 : 12;
      block("values", all("values"), columns, values, false);
      block("drawing", all("weights"), columns, weights, false);
      block("squared differences", all("products"), columns, products, false);
    } else if (parts.length > 40) {
      // A dense layer: of its many products the largest ones.
      const order = [...parts].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum)).slice(0, 8);
      const list = make("table", { className: "lp-largest" }, blocks);
      const caption = `The eight largest of ${parts.length} products: value × weight`;
      make("caption", { className: "lp-caption", textContent: caption }, list);
      for (const part of order) {
        const line = make("tr", {}, list);
        const written = [`value ${part.map}`, told(part.values[0]), `× ${told(part.weights[0])}`, `= ${told(part.sum)}`];
        for (const text of written) make("td", { textContent: text }, line);
      }
    } else {
      const numbers = parts.length === 1;
      for (const part of parts) {
        const line = make("div", { className: "lp-part" }, blocks);
        const name = numbers ? "" : `map ${part.map}: `;
        line.append(block(numbers ? "values" : "", part.values, across, values, numbers));
        if (part.weights && kind !== "subsampling") {
          line.append(block(numbers ? "kernel" : "", part.weights, across, weights, numbers));
          line.append(block(numbers ? "products" : "", part.products, across, products, numbers));
        }
        const meaning = kind === "max" ? "the largest counts" : `sum ${told(part.sum)}`;
        make("span", { textContent: name + meaning }, line);
      }
    }
    const begin = {
      average: "Their mean:",
      max: "The largest:",
      distances: "They add up to the squared distance",
      subsampling: `Times the coefficient, with the bias ${told(bias)}:`,
    };
    const start = begin[kind] || `Products added, with the bias ${told(bias)}:`;
    const end = activation && activation !== "linear" ? `; ${activation} of it: ${told(value)}` : "";
    result.textContent = `${start} ${told(sum)}${end}.`;
  }

  return { show, clear };
}
