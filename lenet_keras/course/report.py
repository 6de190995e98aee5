"""What a student has done so far, as a few lines, a figure of how sure and how right, and a page for the instructor."""

import base64
import contextlib
import html
import os
import pathlib

import numpy as np

from . import exercises
from . import progress as kept_progress

BINS = (0, 60, 80, 95, 101)
"""Edges, in per cent, of the groups in which sureness is compared with what came true."""
FEWEST = 5
"""Judged predictions with a sureness from which a figure says something."""
WORDS = ("predictions", "that came true", "how sure")
"""The words of the reliability diagram of a student."""


def progress(page=None, name=""):
    """Print what you have solved, predicted and opened; with five or more judged predictions, draw how sure you were.

    Args:
        page: a file to write all of it into, as one HTML page for an instructor, such as "progress.html"; None for
            none.
        name: your name, for the page.

    Raises:
        ValueError: if the page cannot be written.
    """
    from . import plots

    kept = kept_progress.read()
    rows = lessons(kept)
    if not rows:
        print("Nothing here yet: solve an exercise, or make a prediction.")
    for row in rows:
        print(_line(row))
    bins = sureness(kept)
    for each in bins:
        came_true = f"{each['right']} of {each['made']} {_predictions(each['made'])} came true"
        print(f"{each['low']:3} to {each['high']:3} % sure: {came_true}")
    figure = _figure(bins, "you")
    if figure is not None:
        plots.show(figure, _alt(bins))
    if page is not None:
        write_page(page, kept, name)
        print(f"Written: {pathlib.Path(page).name}")


def lessons(kept):
    """A dict for each lesson in which something was done, in order.

    Args:
        kept: from `progress.read`.

    Returns:
        list of dicts: "lesson" ("03"), "exercises" (how many there are), "solved" and "hinted" (names), "tries",
        "predicted" and "true" (judged predictions and those that came true), "openings" (of the test digits).
    """
    every = exercises.names()
    done = [*kept["exercises"], *kept["predictions"], *kept["test_openings"]]
    rows = []
    for lesson in sorted({name[:2] for name in done}):
        entries = {name: entry for name, entry in kept["exercises"].items() if name[:2] == lesson}
        judged = [
            entry["right"]
            for name, entry in kept["predictions"].items()
            if name[:2] == lesson and entry["right"] is not None
        ]
        rows.append(
            {
                "lesson": lesson,
                "exercises": sum(name[:2] == lesson for name in every),
                "solved": sorted(name for name, entry in entries.items() if entry["solved"]),
                "hinted": sorted(name for name, entry in entries.items() if entry["hints"]),
                "tries": sum(entry["tries"] for entry in entries.values()),
                "predicted": len(judged),
                "true": sum(judged),
                "openings": kept["test_openings"].get(lesson, 0),
            }
        )
    return rows


def sureness(kept):
    """How often predictions came true, by how sure they were made: lesson 09's reliability, of the student.

    Args:
        kept: from `progress.read`.

    Returns:
        list of dicts, one for each group with predictions: "low" and "high" (edges in per cent), "sure" (the mean
        sureness, in per cent), "right" and "made" (counts).
    """
    said = [
        (entry["sure"], entry["right"])
        for entry in kept["predictions"].values()
        if entry["sure"] is not None and entry["right"] is not None
    ]
    groups = []
    for low, high in zip(BINS, BINS[1:], strict=False):
        inside = [(sure, right) for sure, right in said if low <= sure < high]
        if inside:
            sure, right = np.array(inside, float).T
            groups.append(
                {
                    "low": low,
                    "high": min(high, 100),
                    "sure": float(sure.mean()),
                    "right": int(right.sum()),
                    "made": len(inside),
                }
            )
    return groups


def write_page(path, kept, name=""):
    """Write one HTML page that shows all that is kept; it needs nothing from outside.

    Args:
        path: the file; one of that name is replaced.
        kept: from `progress.read`.
        name: of the student; may be empty.

    Raises:
        ValueError: if the folder does not exist, or the file cannot be written.
    """
    path = pathlib.Path(path)
    if path.is_dir() or not path.parent.is_dir():
        raise ValueError(f"page must name a file in a folder that exists, such as progress.html, not {path}.")
    title = f"Progress of {name}" if name else "Progress"
    heads = ("lesson", "exercises solved", "asked for hints", "answers tried", "predictions", "test digits")
    table = _table(
        heads,
        [
            (
                row["lesson"],
                f"{len(row['solved'])} of {row['exercises']}{': ' * bool(row['solved'])}{', '.join(row['solved'])}",
                ", ".join(row["hinted"]) or "–",
                row["tries"] or "–",
                f"{row['true']} of {row['predicted']} came true" if row["predicted"] else "–",
                f"opened in {row['openings']} cell{'s' * (row['openings'] != 1)}" if row["openings"] else "–",
            )
            for row in lessons(kept)
        ],
    )
    predictions = _table(
        ("prediction", "said", "sure", "came true"),
        [
            (
                key,
                exercises.shown(entry["answer"]),
                "–" if entry["sure"] is None else f"{entry['sure']:g}\N{NO-BREAK SPACE}%",
                {None: "not yet seen", True: "yes", False: "no"}[entry["right"]],
            )
            for key, entry in sorted(kept["predictions"].items())
        ],
    )
    bins = sureness(kept)
    sure = _table(
        ("sure", "predictions", "came true"),
        [(f"{each['low']} to {each['high']} %", each["made"], each["right"]) for each in bins],
    )
    text = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 54rem; margin: 2rem auto; padding: 0 1rem; }}
body {{ color: #222; background: #fff; overflow-wrap: break-word; }}
h1 {{ line-height: 1.2; margin-bottom: 0; }}
h2 {{ margin: 2.5rem 0 0.5rem; }}
.wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; }}
th, td {{ text-align: left; vertical-align: top; padding: 0.4rem 1.2rem 0.4rem 0; border-bottom: 1px solid #8886; }}
th {{ font-weight: 600; }}
img {{ max-width: 100%; height: auto; margin-top: 1rem; border-radius: 6px; }}
@media (prefers-color-scheme: dark) {{ body {{ color: #ddd; background: #181818; }} }}
@media (max-width: 40rem) {{
  table.stacked thead {{ display: none; }}
  table.stacked tr {{ display: block; padding: 0.6rem 0; border-bottom: 1px solid #8886; }}
  table.stacked td {{ display: grid; grid-template-columns: 9rem 1fr; border: 0; padding: 0.1rem 0; }}
  table.stacked td::before {{ content: attr(data-head); opacity: 0.75; }}
}}
</style>
</head>
<body>
<h1>{html.escape(title)}</h1>
<p>LeNet-5 in Keras</p>
<h2>Lessons</h2>
{table}
<h2>How sure, and how right</h2>
<p>Of the predictions made 80 % sure, 80 % should come true. If more do, be bolder; if fewer do, be more careful.</p>
{sure}
{_picture(bins, name or "you")}
<h2>Predictions</h2>
{predictions}
</body>
</html>
"""
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise ValueError(f"{path.name} cannot be written: {error.strerror}.") from None


def _line(row):
    parts = [f"{len(row['solved'])} of {row['exercises']} exercises solved"]
    if row["hinted"]:
        parts.append(f"hints for {len(row['hinted'])}")
    if row["predicted"]:
        parts.append(f"{row['true']} of {row['predicted']} {_predictions(row['predicted'])} came true")
    if row["openings"]:
        parts.append(f"test digits opened in {row['openings']} cell{'s' * (row['openings'] != 1)}")
    return f"{row['lesson']}: {'; '.join(parts)}"


def _predictions(count):
    return "prediction" if count == 1 else "predictions"


def _figure(bins, who):
    """The reliability diagram, or None where there are too few predictions to draw one."""
    from .plots.judging import reliability_figure

    if sum(each["made"] for each in bins) < FEWEST:
        return None
    sure, right, made = np.array([(each["sure"], each["right"], each["made"]) for each in bins]).T
    return reliability_figure(
        sure / 100, right / made, made.astype(int), who.replace("$", r"\$"), WORDS
    )  # $ begins a formula


def _alt(bins):
    parts = [f"{each['right']} of {each['made']} at {each['sure']:.0f} %" for each in bins]
    return f"Predictions that came true against how sure they were: {', '.join(parts)}."


def _picture(bins, who):
    from .plots import png

    figure = _figure(bins, who)
    if figure is None:
        return f"<p>A figure follows when {FEWEST} predictions that say how sure are judged.</p>"
    picture = base64.b64encode(png(figure)).decode()
    return f'<img src="data:image/png;base64,{picture}" alt="{html.escape(_alt(bins))}" width="480">'


def _table(heads, rows):
    """A table; on a telephone each row of a table with many columns becomes a small list."""
    if not rows:
        return "<p>None yet.</p>"
    head = "".join(f'<th scope="col">{html.escape(each)}</th>' for each in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-head="{name}">{html.escape(str(each))}</td>' for name, each in zip(heads, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    kind = ' class="stacked"' if len(heads) > 4 else ""
    return f'<div class="wide"><table{kind}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
