// The ledger on the page: a button for each verdict, a choice of lessons, a field for words, and the table.

function startLedger(root, { rows, verdicts }) {
  const choice = { verdict: "", lesson: "", words: "" };

  root.setAttribute("role", "group");
  root.setAttribute("aria-label", "Ledger of the article's claims");
  const top = make("div", { className: "lg-row" }, root);
  const buttons = new Map();
  for (const [verdict, count] of [["", rows.length], ...countVerdicts(rows, verdicts)]) {
    const text = `${verdict || "all"}: ${count}`;
    const press = () => show({ verdict });
    buttons.set(verdict, make("button", { type: "button", textContent: text, onclick: press }, top));
  }
  const middle = make("div", { className: "lg-row" }, root);
  const words = make("label", { textContent: "with the words " }, middle);
  make("input", { type: "search", oninput: (event) => show({ words: event.target.value }) }, words);
  const label = make("label", { textContent: "tried in lesson " }, middle);
  const lessons = make("select", { onchange: (event) => show({ lesson: event.target.value }) }, label);
  for (const lesson of ["", ...lessonsOf(rows)]) make("option", { value: lesson, textContent: lesson || "any" }, lessons);
  const said = make("p", { className: "lg-said" }, root);
  said.setAttribute("role", "status");
  const frame = make("div", { className: "lg-frame", tabIndex: 0 }, root);
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", "The claims");
  const table = make("table", {}, frame);
  const head = make("tr", {}, make("thead", {}, table));
  for (const name of ["", "section", "the article says", "found here", "verdict", "where"]) {
    make("th", { textContent: name, scope: "col" }, head);
  }
  const body = make("tbody", {}, table);

  function show(change) {
    Object.assign(choice, change);
    for (const [verdict, button] of buttons) button.setAttribute("aria-pressed", String(verdict === choice.verdict));
    const chosen = chosenRows(rows, verdicts, choice);
    said.textContent = `${chosen.length} of ${rows.length} claims`;
    body.replaceChildren();
    for (const row of chosen) {
      const line = make("tr", {}, body);
      for (const text of [row.id, row.section, row.claim, row.figure]) make("td", { textContent: text }, line);
      make("td", { textContent: row.verdict, className: "lg-verdict" }, line).style.color = verdicts[row.verdict];
      make("td", { textContent: placeOf(row) }, line);
    }
  }

  root.lenetLedger = { show, choice }; // for the tests
  show({});
}

startOnce("lenet-ledger", startLedger);
