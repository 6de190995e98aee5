"""tools/devices.py: several devices of one processor make the updates of one."""

import subprocess
import sys

import numpy as np
from course_files import COURSE


def test_two_devices_make_the_updates_of_one(tmp_path):
    command = [sys.executable, str(COURSE / "tools" / "devices.py"), str(tmp_path / "weights.npz"), "1", "2"]
    output = subprocess.run(command, text=True, capture_output=True, timeout=300)
    assert output.returncode == 0, output.stderr
    assert [line.split(",")[0] for line in output.stdout.splitlines()[-2:]] == ["devices: 1", "devices: 2"]
    with np.load(tmp_path / "weights.npz") as found:
        one, two = found["1"], found["2"]
    assert one.size == two.size == 61_706
    np.testing.assert_allclose(two, one, atol=1e-4)
