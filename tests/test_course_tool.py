"""tools/course.py, and the setup cell on Colab."""

import os
import re
import subprocess
import sys
import types

import course
import pytest
from course_files import COURSE, NOTEBOOKS, read
from notebook_form import code_cells


def test_usage():
    tool = [sys.executable, str(COURSE / "tools" / "course.py")]
    helped = subprocess.run([*tool, "--help"], capture_output=True, text=True)
    assert helped.returncode == 0 and "course.py lab" in helped.stdout
    assert subprocess.run(tool, capture_output=True).returncode == 2
    assert subprocess.run([*tool, "dance"], capture_output=True).returncode == 2
    for command in ("student", "publish", "install"):
        assert subprocess.run([*tool, command, "--help"], capture_output=True, text=True).stdout == helped.stdout


@pytest.fixture
def calls(monkeypatch, tmp_path):
    """A course in an empty folder, in which running a program only notes it, and makes what venv would make."""
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    environment = tmp_path / ".venv"
    python = environment / "bin" / "python"
    monkeypatch.setattr(course, "COURSE", tmp_path)
    monkeypatch.setattr(course, "ENVIRONMENT", environment)
    monkeypatch.setattr(course, "PYTHON", python)
    noted = []

    def run(command, **_):
        noted.append(command)
        if "venv" in command:
            python.parent.mkdir(parents=True)
            python.touch()
        return types.SimpleNamespace(returncode=0)

    monkeypatch.setattr(course.subprocess, "run", run)
    return noted


def test_the_tool_sets_up_once_and_again_when_the_requirements_change(calls, tmp_path):
    assert course.main(["test", "-q"]) == 0
    assert [("venv" in c, "pip" in c, "pytest" in c) for c in calls] == [
        (True, False, False), (False, True, False), (False, False, False), (False, False, True)
    ]  # fmt: skip
    both = ["-r", "requirements.txt", "-r", "requirements-dev.txt"]
    assert calls[1][1:] == ["-m", "pip", "install", "--quiet", *both]
    assert calls[-1][-3:] == ["-m", "pytest", "-q"]
    calls.clear()
    course.main(["lab"])
    opened = "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb"
    assert [c[1:] for c in calls] == [["-m", "jupyterlab", opened]]
    calls.clear()
    (tmp_path / "requirements.txt").write_text("changed")
    course.main(["install"])
    assert [c[1:] for c in calls if "pip" in c] == [["-m", "pip", "install", "--quiet", "-r", "requirements.txt"]]
    assert not any("venv" in c for c in calls)
    calls.clear()
    course.main(["test"])  # what a student has is not enough for a contributor
    assert any("pip" in c for c in calls)


def test_a_students_copy_starts_again_and_sends_for_the_whole_course(calls, tmp_path, capsys):
    """It has no requirements-dev.txt, no tests and no tools but this one."""
    (tmp_path / "requirements-dev.txt").unlink()
    for _ in range(2):
        calls.clear()
        assert course.main(["lab"]) == 0
    assert [c[1:3] for c in calls] == [["-m", "jupyterlab"]]
    for command in ("test", "student", "publish"):
        calls.clear()
        assert course.main([command, "x"]) == 2 and calls == []
        assert f"student's copy: for {command} take the whole course" in capsys.readouterr().out


def test_a_failed_installation_is_tried_again(calls, monkeypatch):
    failing = course.subprocess.run
    monkeypatch.setattr(
        course.subprocess, "run",
        lambda command, **k: failing(command, **k) if "pip" not in command else types.SimpleNamespace(returncode=1),
    )  # fmt: skip
    with pytest.raises(SystemExit, match="could not be installed"):
        course.main(["test"])
    assert not (course.ENVIRONMENT / "course-installed").exists()


@pytest.fixture
def programs(calls, monkeypatch):
    """Python 3.14, and the programs in this set beside it; a shim of 3.11 that has no Python behind it."""
    there = {"python3.11"}
    monkeypatch.setattr(course, "THIS", (3, 14))
    monkeypatch.setattr(course.shutil, "which", lambda name: name if name in there else None)
    noting = course.subprocess.run

    def run(command, **options):
        done = noting(command, **options)
        return types.SimpleNamespace(returncode=1) if command == ["python3.11", "--version"] else done

    monkeypatch.setattr(course.subprocess, "run", run)
    return there


def test_an_unsupported_python_looks_for_another(calls, programs):
    programs |= {"python3.12", "python3.10"}
    course.main(["lab"])
    assert ["python3.12", "-m", "venv", str(course.ENVIRONMENT)] in calls


def test_an_unsupported_python_takes_uv_where_there_is_no_other(calls, programs):
    programs.add("uv")
    course.main(["lab"])
    assert ["uv", "venv", "--quiet", "--seed", "--python", "3.13", str(course.ENVIRONMENT)] in calls


def test_without_a_supported_python_it_says_what_to_install(programs):
    with pytest.raises(SystemExit, match=r"needs Python 3.10 to 3.13, .* install Python 3.13 from python.org"):
        course.main(["lab"])


def test_an_environment_whose_python_is_gone_is_made_anew(calls):
    course.ENVIRONMENT.mkdir()
    (course.ENVIRONMENT / "left").touch()
    course.main(["install"])
    assert [sys.executable, "-m", "venv", "--clear", str(course.ENVIRONMENT)] in calls


@pytest.mark.parametrize("machine", [("Darwin", "x86_64"), ("Windows", "ARM64"), ("Linux", "riscv64")])
def test_a_machine_without_tensorflow_is_told_so(calls, monkeypatch, machine):
    monkeypatch.setattr(course.platform, "system", lambda: machine[0])
    monkeypatch.setattr(course.platform, "machine", lambda: machine[1])
    with pytest.raises(SystemExit, match=f"no TensorFlow for this machine .{machine[0]} {machine[1]}.: .*Colab"):
        course.main(["lab"])
    assert calls == []


def test_a_key_that_interrupts_pip_leaves_no_traceback(calls, monkeypatch, capsys):
    def run(command, **_):
        raise KeyboardInterrupt

    monkeypatch.setattr(course.subprocess, "run", run)
    assert course.main(["install"]) == 130
    assert "goes on where it was" in capsys.readouterr().out


def test_the_tool_needs_the_standard_library_only():
    for name in ("course", "share"):
        imported = re.findall(r"^ *(?:import|from) (\w+)", (COURSE / "tools" / f"{name}.py").read_text(), re.M)
        assert set(imported) <= {*sys.stdlib_module_names, "share"}


ON_COLAB = """
import builtins, importlib.util, pathlib, subprocess, sys, types
sys.modules["google.colab"] = types.ModuleType("google.colab")
installed = importlib.util.find_spec
importlib.util.find_spec = lambda name: None if name == "lenet_keras" else installed(name)
builtins.input = lambda prompt: "https://example.org/owner/course/tree/main/notebooks "
really_run = subprocess.run
def run(command, **options):
    if command[0] != "git":
        return really_run(command, **options)
    print(*command)
    pathlib.Path(command[-1]).symlink_to(sys.argv[1])
subprocess.run = run
setup = sys.stdin.read().replace("/content", sys.argv[2])
exec(setup.split("keras = ")[0])
print(sorted({"tensorflow", "numpy"} & set(sys.modules)), lk.__name__)
exec(setup)
print(keras.__name__)
"""


def test_setup_cell_on_colab_fetches_the_course_once_and_leaves_tensorflow_alone(tmp_path):
    """A stand-in for Colab: its module, a Git that links this checkout, an answer to the question."""
    setup = code_cells(read(NOTEBOOKS[0]))[0].source
    outputs = []
    for _ in range(2):
        result = subprocess.run(
            [sys.executable, "-c", ON_COLAB, str(COURSE), str(tmp_path)],
            input=setup, capture_output=True, text=True, cwd=tmp_path, env=os.environ | {"LENET_DATA": "bundled"},
        )  # fmt: skip
        assert result.stderr == ""
        outputs.append(result.stdout.splitlines())
    clone = f"git clone --quiet --depth 1 -- https://example.org/owner/course {tmp_path}/lenet5-course"
    assert outputs[0] == [clone, "[] lenet_keras", "keras"]
    assert outputs[1] == outputs[0][1:]
