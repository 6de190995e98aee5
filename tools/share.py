"""The course for others: a copy for a class, and the address where it is published. See tools/course.py."""

import json
import pathlib
import re
import shutil
import sys

COURSE = pathlib.Path(__file__).resolve().parent.parent
GIVEN = ("LICENSE", "README.md", "data", "lenet_keras", "notebooks", "pyproject.toml", "requirements.txt")
NOT_GIVEN = ("solutions", ".*_cache", "__pycache__", ".ipynb_checkpoints", "*.egg-info", "ruff.toml", "*.part")
ADDRESS = re.compile(r"https://github\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?$")
ADDRESS_LINE = re.compile(r'^    address, here = ".*?"', re.M)
BADGES = "<!-- badges -->"


def main(arguments):
    command, *rest = arguments
    if command == "student" and len(rest) == 1:
        return student(pathlib.Path(rest[0]))
    if command == "publish" and len(rest) == 1:
        return publish(None if rest[0] == "--none" else rest[0])
    print("One thing is wanted after it: student FOLDER, or publish ADDRESS, or publish --none.")
    return 2


# ---------------------------------------------------------------------------------------------- a copy for a class


def student(folder):
    """Copy the course for a class: without solutions, tests and their answers, tools, and stored outputs.

    All stored outputs are left out, since most of them answer a question that the text asks first.
    """
    folder = folder.expanduser().resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        sys.exit(f"{folder} is not an empty folder: name one that does not exist yet.")
    if folder.is_relative_to(COURSE):
        sys.exit("The copy would lie inside the course: name a folder outside of it.")
    folder.mkdir(parents=True, exist_ok=True)
    for name in GIVEN:
        if (COURSE / name).is_dir():
            shutil.copytree(COURSE / name, folder / name, ignore=shutil.ignore_patterns(*NOT_GIVEN))
        else:
            shutil.copy2(COURSE / name, folder / name)
    (folder / "tools").mkdir()
    shutil.copy2(COURSE / "tools" / "course.py", folder / "tools")
    for path in (folder / "notebooks").glob("[0-9]*.ipynb"):
        edit(path, without_outputs)
    readme = folder / "README.md"
    readme.write_text(for_students(readme.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"A copy for students lies in {folder}. They start it with: python3 tools/course.py lab")
    return 0


def without_outputs(notebook):
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None


def for_students(text):
    """The README without what only instructors and contributors need, and what the copy does not have."""
    text = re.sub(r"^## (Teaching from it|Contributing)\n.*?(?=^## )", "", text, flags=re.M | re.S)
    text = text.replace(", and worked solutions lie in [notebooks/solutions](notebooks/solutions)", "")
    text = text.replace("\npytest --nbval notebooks", "")  # there are no stored outputs to compare with
    text = re.sub(r"```\npython3 tools/course.py test\n```\n\n.*\n\n", "", text)
    return re.sub(r"^- \*\*(Instructors|Contributors)\*\*.*\n", "", text, flags=re.M)


# ---------------------------------------------------------------------------------------------- where it is published


def publish(address):
    """Write the address of the course's repository into every setup cell, with badges; None takes it out again."""
    if address is not None and not ADDRESS.match(address):
        sys.exit(f"The address of a repository is wanted, such as https://github.com/OWNER/NAME, not {address}.")
    owner, name = ADDRESS.match(address).groups() if address else (None, None)
    paths = [
        *sorted((COURSE / "notebooks").glob("[0-9]*.ipynb")),
        *sorted((COURSE / "notebooks").glob("*/[0-9]*.ipynb")),
    ]
    for path in paths:
        where = path.relative_to(COURSE).as_posix()
        edit(path, lambda notebook, where=where: stamp(notebook, owner, name, where))
    readme = COURSE / "README.md"
    readme.write_text(with_badges(readme.read_text(encoding="utf-8"), owner, name, "notebooks/00_start_here.ipynb"))
    print(f"Published at {address}: commit, and push." if address else "No address any more.")
    return 0


def stamp(notebook, owner, name, where):
    address = f"https://github.com/{owner}/{name}" if owner else ""
    title = notebook["cells"][0]
    title["source"] = with_badges("".join(title["source"]), owner, name, where).splitlines(keepends=True)
    setup = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    source = ADDRESS_LINE.sub(f'    address, here = "{address}"', "".join(setup["source"]))
    setup["source"] = source.splitlines(keepends=True)


def with_badges(text, owner, name, where):
    """A text with the two badges in the paragraph below its title, or without."""
    text = re.sub(rf"\n\n{BADGES}.*(?=\n|$)", "", text)
    if owner is None:
        return text
    colab = f"https://colab.research.google.com/github/{owner}/{name}/blob/main/{where}"
    binder = f"https://mybinder.org/v2/gh/{owner}/{name}/main?urlpath=lab/tree/{where}"
    badges = (
        f"{BADGES} [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({colab}) "
        f"[![Open in Binder](https://mybinder.org/badge_logo.svg)]({binder})"
    )
    title, newline, rest = text.partition("\n")
    return f"{title}\n\n{badges}{newline}{rest}"


def edit(path, change):
    """Change a notebook's JSON and write it back as it is stored, whole or not at all."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    change(notebook)
    unfinished = path.with_suffix(".part")
    try:
        unfinished.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
