"""Set the course up and start it, with nothing but Python 3.10 to 3.13:

    python3 tools/course.py lab                open notebook 00 in JupyterLab
    python3 tools/course.py test               run all tests
    python3 tools/course.py install            set up, and no more

and, for those who teach from it:

    python3 tools/course.py student FOLDER     a copy for a class, without solutions and stored outputs
    python3 tools/course.py publish ADDRESS    say where the course's Git repository is: badges, and Colab asks nothing
    python3 tools/course.py publish --none     take that out again

The first three make the virtual environment .venv if it is missing and install the requirements into it if they are
new or changed. What follows the command is handed on: python3 tools/course.py test tests/test_data.py
"""

import hashlib
import os
import pathlib
import platform
import shutil
import subprocess
import sys

COURSE = pathlib.Path(__file__).resolve().parent.parent
ENVIRONMENT = COURSE / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOWEST, HIGHEST = (3, 10), (3, 13)
THIS = sys.version_info[:2]
# What TensorFlow comes for; elsewhere pip finds no version of it.
PLATFORMS = {("Linux", "x86_64"), ("Linux", "aarch64"), ("Darwin", "arm64"), ("Windows", "AMD64")}
STUDENT, CONTRIBUTOR = ["requirements.txt"], ["requirements.txt", "requirements-dev.txt"]
COMMANDS = {
    # Not as a file to open: JupyterLab would then see the folder notebooks only, and links to the README would break.
    "lab": (STUDENT, ["-m", "jupyterlab", "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb"]),
    "test": (CONTRIBUTOR, ["-m", "pytest"]),
    "install": (STUDENT, None),
}
TEACHING = ("student", "publish")


def state(requirements):
    """What an installation depends on: if it changes, the requirements are installed anew."""
    paths = [COURSE / name for name in [*requirements, "pyproject.toml"]]
    wanted = b"".join(path.read_bytes() for path in paths if path.exists())  # students have no requirements-dev.txt
    return hashlib.sha256(wanted + str(COURSE).encode()).hexdigest()


def install(requirements):
    """Make the virtual environment and install the requirements, unless that was done already."""
    done = ENVIRONMENT / "course-installed"
    # What a contributor has is enough for a student.
    if PYTHON.exists() and done.exists() and done.read_text() in {state(requirements), state(CONTRIBUTOR)}:
        return
    if (platform.system(), platform.machine()) not in PLATFORMS:
        raise SystemExit(
            f"There is no TensorFlow for this machine ({platform.system()} {platform.machine()}): "
            f"use the course on Colab instead, see README.md. On a Mac with an Apple processor, "
            f"run a Python made for it, not one for Intel."
        )
    print("Setting up the course in .venv; the first time this takes some minutes.", flush=True)
    if not PYTHON.exists():
        make_environment()
    files = [part for name in requirements for part in ("-r", name)]
    if subprocess.run([str(PYTHON), "-m", "pip", "install", "--quiet", *files], cwd=COURSE).returncode:
        raise SystemExit("The requirements could not be installed: see pip's message above, then try again.")
    done.write_text(state(requirements))
    # Whether MNIST is at hand, or can be downloaded, is settled now rather than in the first lesson.
    subprocess.run([str(PYTHON), "-c", "import lenet_keras as lk; lk.load_pixels()"], cwd=COURSE)


def make_environment():
    """Make .venv with a Python that TensorFlow supports: this one, or another one on this machine."""
    # A .venv whose Python was uninstalled is in the way: it is made anew.
    options = ["--clear"] if ENVIRONMENT.exists() else []
    if LOWEST <= THIS <= HIGHEST:
        command = [sys.executable, "-m", "venv", *options, str(ENVIRONMENT)]
    elif other := another_python():
        command = [*other, "-m", "venv", *options, str(ENVIRONMENT)]
    elif shutil.which("uv"):
        version = f"{HIGHEST[0]}.{HIGHEST[1]}"
        command = ["uv", "venv", "--quiet", "--seed", *options, "--python", version, str(ENVIRONMENT)]
    else:
        raise SystemExit(
            f"The course needs Python 3.10 to 3.13, but this is Python {THIS[0]}.{THIS[1]}, and no other was "
            f"found: install Python 3.13 from python.org beside it, then run this command again."
        )
    if subprocess.run(command).returncode:
        raise SystemExit("Python could not make a virtual environment: on Debian or Ubuntu, install python3-venv.")


def another_python():
    """The command of a supported Python on this machine, the newest there is; None if there is none."""
    for minor in range(HIGHEST[1], LOWEST[1] - 1, -1):
        name = f"python3.{minor}"
        command = ["py", f"-3.{minor}"] if os.name == "nt" else [name]
        # Only one that answers is there: a launcher may know no such version, or a shim have none behind it.
        if shutil.which(command[0]) and not subprocess.run([*command, "--version"], capture_output=True).returncode:
            return command
    return None


def main(arguments):
    own = arguments[:1] if arguments and arguments[0] in ("lab", "test") else arguments  # those hand on the rest
    asked = "-h" in own or "--help" in own
    if asked or not arguments or arguments[0] not in (*COMMANDS, *TEACHING):
        print(__doc__)
        return 0 if asked else 2
    if arguments[0] in ("test", *TEACHING) and not (COURSE / "requirements-dev.txt").exists():
        print(f"This is a student's copy: for {arguments[0]} take the whole course, from where the copy was made.")
        return 2
    if arguments[0] in TEACHING:
        import share

        return share.main(arguments)
    requirements, command = COMMANDS[arguments[0]]
    try:
        install(requirements)
        if command is None:
            return 0
        return subprocess.run([str(PYTHON), *command, *arguments[1:]], cwd=COURSE).returncode
    except KeyboardInterrupt:
        print("Stopped; the same command goes on where it was.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
