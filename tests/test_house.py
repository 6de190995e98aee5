"""The house: imports that run one way, a core small enough to be read, nothing private carried over, all explained."""

import ast

import pytest
from course_files import COURSE, NOTEBOOKS, SOLUTIONS, read

PACKAGE = COURSE / "lenet_keras"
CORE = ("environment", "records", "data", "layers", "models", "counting", "training", "evaluation")
WINGS = ("training_1998", "fast", "distort", "ink", "strings", "pages")
APPARATUS = (
    *("plots", "machine", "broken", "curvatures", "family", "rivals", "hands", "paper", "strangers", "progress"),
    *("exercises", "report"),
)
ROOMS = [*CORE, *WINGS, "course", *(f"course.{name}" for name in APPARATUS)]
"""From the ground up: a room imports only from rooms before it. A file or folder is a room."""
FILES = sorted(PACKAGE.rglob("*.py"))


def module(path):
    """The parts of a file's module name below lenet_keras: ("data", "mnist"); () for the door itself."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def room(parts):
    """The room that a module belongs to: "data", or "course.plots"; "" for the door."""
    return ".".join(parts[: 2 if parts[:1] == ("course",) else 1])


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path):
    """The modules of lenet_keras that a file imports, anywhere in it, as tuples of parts; names of the door as ()."""
    here = module(path) if path.name == "__init__.py" else module(path)[:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found = [tuple(name.name.split(".")) for name in node.names]
            yield from (parts[1:] for parts in found if parts[0] == "lenet_keras")
        elif isinstance(node, ast.ImportFrom):
            source = tuple((node.module or "").split(".")) if node.module else ()
            if node.level:
                source = here[: len(here) - (node.level - 1)] + source
            elif source[:1] == ("lenet_keras",):
                source = source[1:]
            else:
                continue
            for name in node.names:  # a module, or a name in one
                whole = (*source, name.name)
                place = PACKAGE.joinpath(*whole)
                yield whole if place.is_dir() or place.with_suffix(".py").is_file() else source


@pytest.mark.parametrize("path", FILES, ids=lambda path: ".".join(module(path)) or "the door")
def test_imports_run_one_way(path):
    own = room(module(path))
    for parts in imported(path):
        other = room(parts)
        assert other in ROOMS, f"{path.name} imports {'.'.join(parts) or 'the door'}, which is no room"
        # The door stands before all rooms, and opens each when it is first asked for.
        assert not own or other == own or ROOMS.index(other) < ROOMS.index(own), f"{own} imports {other}"


def test_an_import_that_runs_upwards_is_seen(tmp_path, monkeypatch):
    """Also one inside a function, and one of the door."""
    monkeypatch.setattr("test_house.PACKAGE", tmp_path)
    (tmp_path / "data").mkdir()
    for place in ("layers.py", "course.py"):
        (tmp_path / place).touch()
    inside = tmp_path / "data" / "mnist.py"
    inside.write_text(
        "from . import download\ndef f():\n    from ..layers import squash\n    from .. import course, lenet5"
    )
    assert list(imported(inside)) == [("data",), ("layers",), ("course",), ()]
    inside.write_text("import os, lenet_keras.layers\nfrom numpy import ndarray")
    assert list(imported(inside)) == [("layers",)]


def test_every_file_belongs_to_a_room_that_the_readme_names():
    readme = (COURSE / "README.md").read_text(encoding="utf-8")
    files = [path.relative_to(PACKAGE) for path in PACKAGE.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    for path in sorted(files):
        name = path.parts[0].removesuffix(".py")
        if name != "__init__":  # the door
            assert name in ROOMS, f"{path} belongs to no room"
            assert f"`{name}`" in readme or f"`{name}/`" in readme, f"the README does not name the room {name}"


def test_the_core_stays_small_enough_to_be_read():
    paths = [PACKAGE / "__init__.py"]
    for name in CORE:
        folder = PACKAGE / name
        paths.append(folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py"))
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert sum(lines.values()) < 1500, lines


def documented(body, prefix=""):
    """Public functions, classes and their methods, with whether they have a docstring.

    Properties are left out: the docstring of their class has them among the attributes.
    """
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            if "property" not in map(ast.unparse, node.decorator_list):
                yield prefix + node.name, ast.get_docstring(node) is not None
            if isinstance(node, ast.ClassDef) and not any(map(is_of_keras, node.bases)):
                yield from documented(node.body, f"{node.name}.")


def is_of_keras(base):
    """Keras says what build, call and get_config of its layers, losses and initializers do."""
    return ast.unparse(base).startswith("keras.")


@pytest.mark.parametrize("path", FILES, ids=lambda path: ".".join(module(path)) or "the door")
def test_everything_public_is_explained(path):
    assert ast.get_docstring(tree(path)), path.name
    assert [name for name, has in documented(tree(path).body) if not has] == []


# Names with an underscore that others are meant to use: IPython's, and those of named tuples.
MEANT = {"_repr_html_", "_replace", "_asdict", "_fields", "_make"}


def private(name):
    return name.startswith("_") and not name.startswith("__") and name.strip("_") and name not in MEANT


def carried(source, own=()):
    """Private names that a text reaches for in something else: x._name, or from x import _name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and private(node.attr) and node.attr not in own:
            if not (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")):
                yield ast.unparse(node)
        elif isinstance(node, ast.ImportFrom):
            yield from (name.name for name in node.names if private(name.name) and name.name not in own)


def defined(paths):
    """Private names that some files give to a module, a class or an object of their own."""
    for node in (node for path in paths for node in ast.walk(tree(path))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self":
            yield node.attr


@pytest.mark.parametrize("name", ["", *ROOMS], ids=lambda name: name or "the door")
def test_nothing_private_is_carried_into_a_room(name):
    paths = [path for path in FILES if room(module(path)) == name]
    own = set(defined(paths))
    assert {path.name: found for path in paths if (found := list(carried(path.read_text(encoding="utf-8"), own)))} == {}


def code(path):
    """The code of a notebook, without the lines that are IPython's; or of a file."""
    if path.suffix == ".py":
        return path.read_text(encoding="utf-8")
    cells = [cell.source for cell in read(path).cells if cell.cell_type == "code"]
    return "\n".join(line for cell in cells for line in cell.splitlines() if not line.lstrip().startswith(("%", "!")))


OUTSIDE = [
    *NOTEBOOKS, *SOLUTIONS, *sorted((COURSE / "notebooks").rglob("*.py")), *sorted((COURSE / "tools").glob("*.py")),
    *sorted((COURSE / "tests").rglob("*.py")),
]  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_private_is_used_outside(path):
    own = set(defined([path])) if path.suffix == ".py" else ()
    assert list(carried(code(path), own)) == []


def test_a_private_name_is_seen():
    source = "a._b; self._c; a._repr_html_; a.__doc__; _; a._f = 1"
    assert list(carried(source)) == ["a._b", "a._f"] and list(carried(source, {"_b"})) == ["a._f"]
    assert list(carried("from d import _e, f")) == ["_e"]
