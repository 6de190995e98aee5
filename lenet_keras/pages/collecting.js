// The collector: asks for digits one after the other, keeps how they were written, and saves them as one file.

/** Every digit `rounds` times, each round in an order of its own. `random` gives numbers from 0 to 1. */
function orderOfDigits(rounds, random) {
  const order = [];
  for (let round = 0; round < rounds; round++) {
    const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    while (digits.length) order.push(digits.splice(Math.floor(random() * digits.length), 1)[0]);
  }
  return order;
}

/** What is saved: the writer's code, and for each digit its strokes, with three places after the point. */
function collection(format, writer, written) {
  const short = (number) => Math.round(1000 * number) / 1000;
  const digits = written.map(({ digit, strokes }) => ({
    digit,
    strokes: strokes.map((stroke) => stroke.map((point) => point.map(short))),
  }));
  return { format, writer, digits };
}

function startCollecting(root, { format, rounds }) {
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Collector: write digits, and save them as a file");
  const keeper = `lenet-collect ${format}`;
  let { order, written, writer } = kept() || { order: orderOfDigits(rounds, Math.random), written: [], writer: "" };

  const codeLine = make("label", { className: "lp-code", textContent: "Your code (letters and digits, no name): " }, root);
  const code = make("input", { type: "text", value: writer, maxLength: 20, autocomplete: "off" }, codeLine);
  const asked = make("p", { className: "lp-asked", role: "status" }, root);
  const label = "Paper to write the digit on, with mouse, pen or finger. Enter: the next digit; Escape: wipe";
  const paper = makePaper(root, { label }, () => (paper.draw(), show()));
  const buttons = make("div", { className: "lp-row" }, root);
  const button = (textContent, act) => {
    const made = make("button", { type: "button", textContent }, buttons);
    made.addEventListener("click", act);
    return made;
  };
  const nextButton = button("Next", next);
  button("Wipe", () => paper.set([]));
  const backButton = button("One back", back);
  const saveButton = button("Save the file", save);
  const said = make("p", { className: "lp-caption", role: "status" }, root);

  /** What an earlier visit left behind; null where nothing is, or the browser keeps nothing. */
  function kept() {
    try {
      const found = JSON.parse(localStorage.getItem(keeper));
      return found && Array.isArray(found.order) && Array.isArray(found.written) ? found : null;
    } catch {
      return null;
    }
  }

  function keep() {
    try {
      localStorage.setItem(keeper, JSON.stringify({ order, written, writer: code.value }));
    } catch {
      // A browser that keeps nothing still saves the file.
    }
  }

  function show() {
    const done = written.length === order.length;
    asked.textContent = done ? "All are written: save the file." : `Write a ${order[written.length]}`;
    said.textContent = `${written.length} of ${order.length} written`;
    nextButton.disabled = done || paper.strokes().length === 0;
    backButton.disabled = written.length === 0;
    saveButton.disabled = written.length === 0 || !/^[A-Za-z0-9-]+$/.test(code.value);
  }

  function next() {
    if (nextButton.disabled) return;
    written.push({ digit: order[written.length], strokes: paper.strokes() });
    paper.set([]);
    keep();
  }

  function back() {
    const last = written.pop();
    paper.set(last.strokes);
    keep();
  }

  function save() {
    const text = JSON.stringify(collection(format, code.value, written));
    const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = make("a", { href: address, download: `digits-${code.value}.json` }, root);
    link.click();
    link.remove();
    URL.revokeObjectURL(address);
    keep();
  }

  code.addEventListener("input", () => (keep(), show()));
  root.addEventListener("keydown", (event) => {
    if (event.target === code || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") paper.set([]);
    else if (event.key === "Enter" && event.target === paper.canvas) next();
    else return;
    event.preventDefault();
  });

  // For the tests: what would be saved now.
  root.lenetCollect = { collection: () => collection(format, code.value, written), order: () => order };
  show();
}

if (typeof document === "object") startOnce("lenet-collect", startCollecting);
if (typeof module === "object") module.exports = { orderOfDigits, collection }; // for the tests, in Node
