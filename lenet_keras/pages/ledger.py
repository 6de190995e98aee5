"""The ledger: each claim of the article with what was found, sorted by verdict, to be searched (lesson 17)."""

from .element import page_element, show_element, svg_address

VERDICTS = {
    "holds": "#009E73",
    "differs": "#D55E00",
    "source silent": "#0072B2",
    "cannot be tested here": "#595959",
    "not tried": "#8c8c8c",
}
"""The verdicts, in the order in which they are shown, and their colours."""
IN_A_ROW, SIDE = 16, 34


def show_ledger(rows):
    """Show the claims as a table that a word, a verdict or a lesson narrows down.

    Where no scripts run, a still picture shows the number of each claim under its verdict.

    Args:
        rows: list of dicts with id, section, claim, figure, verdict, and lesson and cell (None if no lesson tries it):
            the results of data/claims.json.

    Raises:
        ValueError: for a verdict that is none of `VERDICTS`, or no rows.
    """
    show_element(ledger_element(rows), _description(rows))


def ledger_element(rows):
    """The ledger as one HTML element: first what is shown, the still picture and the rows in JSON.

    Args:
        rows: as for `show_ledger`.

    Returns:
        HTML text, the same for the same rows.

    Raises:
        ValueError: as `show_ledger`.
    """
    unknown = {row["verdict"] for row in rows} - set(VERDICTS)
    if unknown or not rows:
        raise ValueError(f"A claim's verdict is one of {', '.join(VERDICTS)}, not {', '.join(unknown) or 'nothing'}.")
    keys = ("id", "section", "claim", "figure", "verdict", "lesson", "cell")
    facts = {"rows": [{key: row[key] for key in keys} for row in rows], "verdicts": VERDICTS}
    picture = svg_address(_still(rows))
    return page_element("ledger", facts, picture, _description(rows), ["ledger.js", "ledger_page.js"])


def counts(rows):
    """How many rows have each verdict: dict in the order of `VERDICTS`."""
    return {verdict: sum(row["verdict"] == verdict for row in rows) for verdict in VERDICTS}


def _description(rows):
    return (
        f"A table of {len(rows)} claims of the article with their verdicts. It needs a program that runs scripts; the "
        "still picture shows the number of each claim under its verdict."
    )


def _still(rows):
    """The numbers of the claims in coloured squares, a block for each verdict, as SVG text."""
    parts, top = [], 10
    for verdict, colour in VERDICTS.items():
        chosen = sorted(row["id"] for row in rows if row["verdict"] == verdict)
        if not chosen:
            continue
        parts.append(f'<text x="10" y="{top + 16}" font-weight="600">{verdict}: {len(chosen)}</text>')
        top += 24
        for place, number in enumerate(chosen):
            x, y = 10 + SIDE * (place % IN_A_ROW), top + SIDE * (place // IN_A_ROW)
            parts.append(
                f'<rect x="{x}" y="{y}" width="{SIDE - 3}" height="{SIDE - 3}" fill="{colour}"/>'
                f'<text x="{x + (SIDE - 3) / 2:g}" y="{y + 21}" text-anchor="middle" fill="#fff">{number}</text>'
            )
        top += SIDE * -(-len(chosen) // IN_A_ROW) + 10
    width = 20 + SIDE * IN_A_ROW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{top}" font-family="sans-serif" '
        f'font-size="14"><rect width="{width}" height="{top}" fill="#fff" stroke="#ccc"/>{"".join(parts)}</svg>'
    )
