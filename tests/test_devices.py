"""tools/devices.py: several devices of one processor make the updates of one."""

import subprocess
import sys

import numpy as np
from course_files import COURSE


def trained(path, devices):
    command = [sys.executable, str(COURSE / "tools" / "devices.py"), str(path), str(devices)]
    output = subprocess.run(command, text=True, capture_output=True, timeout=300)
    assert output.returncode == 0, output.stderr
    assert output.stdout.splitlines()[-1].startswith(f"devices: {devices}, loss ")
    return np.load(path)


def test_devices_that_would_get_unequal_parts_are_refused(tmp_path):
    command = [sys.executable, str(COURSE / "tools" / "devices.py"), str(tmp_path / "x.npy"), "3"]
    output = subprocess.run(command, text=True, capture_output=True, timeout=300)
    assert output.returncode == 2 and "64 digits cannot be shared out evenly among 3 devices" in output.stderr


def test_two_devices_make_the_updates_of_one(tmp_path):
    one, two = (trained(tmp_path / f"{devices}.npy", devices) for devices in (1, 2))
    assert one.size == two.size == 61_706
    np.testing.assert_allclose(two, one, atol=1e-5)
