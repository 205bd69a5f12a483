#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Flashes virtual phones over real USB: the programs of a build run in a QEMU guest with its own USB stack.

Use: tests/usb/run.py BUILD_DIR GUEST_DIR [unittest option or test name...]
GUEST_DIR holds the guest, made on first use. Without names all scenes are run, in two guests.
"""

import os
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

from guest import missing_tools  # noqa: E402

NUMBER = "MTK_USB_GUEST_NUMBER"


def in_two_guests(arguments):
    """All scenes. Most of the time one of them waits, for the guest or on purpose, so two run beside each other."""
    first = ["left_test", "usb_test"]  # half of it, by time
    rest = [file.stem for file in sorted(HERE.glob("*_test.py")) if file.stem not in first]
    runs = []
    for number, scenes, out in (("1", first, None), ("2", rest, subprocess.PIPE)):
        command = [sys.executable, __file__, *arguments, *scenes, "-v"]
        runs.append(subprocess.Popen(command, env={**os.environ, NUMBER: number}, stdout=out,
                                     stderr=subprocess.STDOUT if out else None, text=True))
    told, _ = runs[1].communicate()
    code = max(abs(run.wait()) for run in runs)
    print(told, flush=True)
    sys.exit(code)


def main():
    if len(sys.argv) < 3 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    build, guest = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    if NUMBER not in os.environ:
        prepare(build, guest)
        if len(sys.argv) == 3:
            in_two_guests(sys.argv[1:])
        os.environ[NUMBER] = "1"
    os.environ["MTK_BUILD"] = str(build)
    os.environ["MTK_USB_GUEST"] = str(guest)
    try:
        from usb_case import guest as linux  # noqa: PLC0415  (it starts here)
    except AssertionError as problem:
        sys.exit(f"the USB guest did not start: {problem}")
    print(f"the USB guest was up after {linux.boot_seconds:.0f} s", flush=True)
    unittest.main(module=None, argv=["usb", *sys.argv[3:]])


def prepare(build, guest):
    missing = [name for name in ("mtkflash", "mtkflash-phone") if not os.access(build / name, os.X_OK)]
    if missing:
        sys.exit(f"{build} has no {' and no '.join(missing)}; build it first")
    if missing := missing_tools():
        sys.exit(f"the USB guest needs the packages {' '.join(missing)}; make deps installs them")
    made = subprocess.run([HERE / "make-guest.sh", guest], check=False)
    if made.returncode != 0:
        sys.exit("the USB guest could not be made")


if __name__ == "__main__":
    main()
