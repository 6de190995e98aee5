// What the pages share: elements, colours, digits in greys, the start. element.py puts it before a page's own part.

/** A new element with properties or attributes, at the end of its parent. */
function make(kind, properties, parent) {
  const element = document.createElement(kind);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  parent.append(element);
  return element;
}

/** Colours a canvas pixel by pixel: `colour(row, column)` gives [red, green, blue, opacity], 0 to 255. */
function paint(canvas, colour) {
  const context = canvas.getContext("2d");
  const picture = context.createImageData(canvas.width, canvas.height);
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) picture.data.set(colour(y, x), 4 * (y * canvas.width + x));
  }
  context.putImageData(picture, 0, 0);
}

/** The colour of a share from -1 to 1: purple below zero, white at zero, orange above. */
function signed(share) {
  const end = share > 0 ? [230, 97, 1] : [94, 60, 153];
  const size = Math.min(1, Math.abs(share));
  return [...end.map((part) => 255 + (part - 255) * size), 255];
}

/** The grey of a value between paper (white) and ink (black). */
function grey(value, [paper, ink]) {
  const part = Math.round(255 * Math.min(1, Math.max(0, (ink - value) / (ink - paper))));
  return [part, part, part, 255];
}

/** Digits written as bytes in base64, 0 paper to 255 ink, as the images that a network takes. */
function decodeDigits(base64, size, [paper, ink]) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const images = [];
  for (let start = 0; start < bytes.length; start += size) {
    images.push(Float32Array.from(bytes.subarray(start, start + size), (byte) => paper + ((ink - paper) * byte) / 255));
  }
  return images;
}

/** Ten bars with their shares, for the answers 0 to 9; a call of what is given back draws shares and marks the best. */
function tenBars(parent) {
  const bars = make("div", { className: "lu-bars" }, parent);
  const rows = Array.from({ length: 10 }, (_, answer) => {
    make("span", { textContent: answer }, bars);
    const bar = make("div", { className: "lu-bar" }, make("div", { className: "lu-track" }, bars));
    return { bar, share: make("span", {}, bars) };
  });
  return (shares, best) =>
    rows.forEach(({ bar, share }, answer) => {
      bar.style.width = `${100 * shares[answer]}%`;
      bar.className = answer === best ? "lu-bar lu-best" : "lu-bar";
      share.textContent = `${(100 * shares[answer]).toFixed(0)} %`;
    });
}

/**
 * Starts the page in the script's own element, once; where a notebook runs scripts apart from it, in the first one that
 * waits.
 */
function startOnce(kind, start) {
  const script = document.currentScript;
  const root = (script && script.closest(`.${kind}`)) || document.querySelector(`.${kind}:not([data-started])`);
  if (!root || root.dataset.started) return;
  root.dataset.started = "true";
  const facts = JSON.parse(root.querySelector("script[type='application/json']").textContent);
  root.setAttribute("data-lm-suppress-shortcuts", "true"); // in JupyterLab keys would be commands, 0 0 a restart
  start(root, facts);
  root.querySelector("img").remove(); // the still picture makes way for what could be started
}

if (typeof module === "object") module.exports = { signed, grey, decodeDigits }; // for the tests, in Node
