// The ledger of lesson 17, without a page: which rows a choice leaves, in which order, and how many have each verdict.

// Rows with the verdict and the lesson chosen ("" for any) and with every word, by verdict, then by number.
function chosenRows(rows, verdicts, { verdict = "", lesson = "", words = "" }) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const order = Object.keys(verdicts);
  return rows
    .filter((row) => !verdict || row.verdict === verdict)
    .filter((row) => !lesson || (row.lesson || "").slice(0, 2) === lesson)
    .filter((row) => {
      const text = `${row.id} ${row.section} ${row.claim} ${row.figure}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    })
    .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict) || a.id - b.id);
}

function countVerdicts(rows, verdicts) {
  return Object.keys(verdicts).map((verdict) => [verdict, rows.filter((row) => row.verdict === verdict).length]);
}

function lessonsOf(rows) {
  return [...new Set(rows.filter((row) => row.lesson).map((row) => row.lesson.slice(0, 2)))].sort();
}

// Where a claim is tried, as the table says it.
function placeOf(row) {
  return row.lesson ? `lesson ${row.lesson.slice(0, 2)}, cell ${row.cell}` : "–";
}

if (typeof module !== "undefined") module.exports = { chosenRows, countVerdicts, lessonsOf, placeOf };
