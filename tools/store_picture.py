"""Take the README's picture out of the notebook that draws it: python tools/store_picture.py

The architecture of LeNet-5, as notebook 03 stores it, becomes data/lenet5.png.
"""

import base64
import pathlib

import nbformat

COURSE = pathlib.Path(__file__).resolve().parent.parent
NOTEBOOK = COURSE / "notebooks" / "03_build_lenet5.ipynb"


def main():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    cell = next(cell for cell in notebook.cells if "lk.plots.architecture(" in cell.source and cell.get("outputs"))
    picture = next(output.data["image/png"] for output in cell.outputs if "image/png" in output.get("data", {}))
    (COURSE / "data" / "lenet5.png").write_bytes(base64.b64decode(picture))


if __name__ == "__main__":
    main()
