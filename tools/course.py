"""Set the course up and start it, with nothing but Python 3.10 to 3.13:

    python3 tools/course.py lab        open notebook 00 in JupyterLab
    python3 tools/course.py test       run all tests
    python3 tools/course.py install    set up, and no more

Each makes the virtual environment .venv if it is missing and installs requirements.txt into it if that is new or
changed. What follows the command is handed on: python3 tools/course.py test tests/test_data.py
"""

import hashlib
import os
import pathlib
import subprocess
import sys

COURSE = pathlib.Path(__file__).resolve().parent.parent
ENVIRONMENT = COURSE / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOWEST, HIGHEST = (3, 10), (3, 13)
COMMANDS = {
    # Not as a file to open: JupyterLab would then see the folder notebooks only, and links to the README would break.
    "lab": ["-m", "jupyterlab", "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb"],
    "test": ["-m", "pytest"],
    "install": None,
}


def state():
    """What an installation depends on: if it changes, requirements.txt is installed anew."""
    wanted = b"".join((COURSE / name).read_bytes() for name in ("requirements.txt", "pyproject.toml"))
    return hashlib.sha256(wanted + str(COURSE).encode()).hexdigest()


def install():
    """Make the virtual environment and install the requirements, unless that was done already."""
    done = ENVIRONMENT / "course-installed"
    if PYTHON.exists() and done.exists() and done.read_text() == state():
        return
    if not LOWEST <= sys.version_info[:2] <= HIGHEST:
        raise SystemExit(
            f"The course needs Python 3.10 to 3.13, but this is Python {sys.version.split()[0]}: "
            f"run tools/course.py with one of those, for example: python3.12 tools/course.py lab"
        )
    print("Setting up the course in .venv; the first time this takes some minutes.", flush=True)
    if not PYTHON.exists() and subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)]).returncode:
        raise SystemExit("Python could not make a virtual environment: on Debian or Ubuntu, install python3-venv.")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "-r", "requirements.txt"]
    if subprocess.run(pip, cwd=COURSE).returncode:
        raise SystemExit("The requirements could not be installed: see pip's message above, then try again.")
    done.write_text(state())
    # Whether MNIST is at hand, or can be downloaded, is settled now rather than in the first lesson.
    subprocess.run([str(PYTHON), "-c", "import lenet_keras as lk; lk.load_pixels()"], cwd=COURSE)


def main(arguments):
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 0 if arguments in (["-h"], ["--help"]) else 2
    install()
    command = COMMANDS[arguments[0]]
    if command is None:
        return 0
    try:
        return subprocess.run([str(PYTHON), *command, *arguments[1:]], cwd=COURSE).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
