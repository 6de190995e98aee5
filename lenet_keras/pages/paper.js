// A sheet to write on with mouse, pen or finger: what the pages on which one draws share.

/**
 * A sheet at the end of `parent`. `changed(speak)` is called after every change; `speak` is true where a stroke, or a
 * command, has come to its end. Returns {canvas, strokes, set, undo, draw}; `strokes()` are lists of points [across,
 * down], from 0 to 1 over the width of the sheet.
 */
function makePaper(parent, { label, width = 560, height = 560, pen = 0.075 }, changed) {
  const properties = { className: "lp-paper", width, height, tabIndex: 0, role: "img", "aria-label": label };
  const canvas = make("canvas", properties, parent);
  let strokes = [];
  let current = null; // the pointer that draws, and no other

  function draw() {
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, width, height);
    context.lineWidth = pen * width;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of strokes) {
      const points = stroke.map(([x, y]) => [x * width, y * width]);
      context.beginPath();
      context.moveTo(...points[0]);
      for (const point of points.slice(1)) context.lineTo(...point);
      const [x, y] = points[points.length - 1];
      context.lineTo(x + 0.01, y); // a line of no length would not be drawn: a tap is a dot
      context.stroke();
    }
  }

  /** Where a pointer is on the sheet, across and down. */
  function placeOf(event) {
    const edges = canvas.getBoundingClientRect();
    const zoom = edges.width / canvas.offsetWidth; // not 1 where the page is shown enlarged, as on slides
    const inside = (share, most) => Math.min(most, Math.max(0, share));
    const side = canvas.clientWidth;
    return [
      inside(((event.clientX - edges.left) / zoom - canvas.clientLeft) / side, 1),
      inside(((event.clientY - edges.top) / zoom - canvas.clientTop) / side, height / width),
    ];
  }

  function set(some) {
    strokes = some.map((stroke) => stroke.map((point) => [...point]));
    current = null;
    changed(true);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (current !== null || event.button !== 0) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    current = event.pointerId;
    strokes.push([placeOf(event)]);
    changed(false);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== current) return;
    event.preventDefault();
    const events = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    for (const step of events.length ? events : [event]) strokes[strokes.length - 1].push(placeOf(step));
    changed(false);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    canvas.addEventListener(end, (event) => {
      if (event.pointerId !== current) return;
      current = null;
      changed(true);
    });
  }
  // Browsers that scroll by touch events rather than by touch-action.
  for (const touch of ["touchstart", "touchmove"]) {
    canvas.addEventListener(touch, (event) => event.preventDefault(), { passive: false });
  }
  return { canvas, strokes: () => strokes, set, undo: () => set(strokes.slice(0, -1)), draw };
}

/** The keys of a page with a sheet and samples: Escape or Delete, Backspace, and a sample's digit from 0 to 9. */
function listenToKeys(root, { clear, undo, showSample }) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (["Escape", "Delete"].includes(event.key)) clear();
    else if (event.key === "Backspace") undo();
    else if (/^[0-9]$/.test(event.key)) showSample(Number(event.key));
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}
