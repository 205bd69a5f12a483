#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the end-to-end tests of this folder against the programs of a build.

Use: tests/e2e/run.py BUILD_DIR [unittest option or test name...]
"""

import os
import sys
import unittest
from pathlib import Path

if __name__ == "__main__":
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_dir():
        sys.exit(__doc__)
    build = Path(sys.argv[1]).resolve()
    missing = [name for name in ("mtkflash", "mtkflash-phone") if not os.access(build / name, os.X_OK)]
    if missing:
        sys.exit(f"{build} has no {' and no '.join(missing)}; build it first")
    os.environ["MTK_BUILD"] = str(build)
    here = Path(__file__).resolve().parent
    sys.path.insert(0, str(here))
    chosen = sys.argv[2:] or ["discover", "-s", str(here), "-p", "*_test.py", "-v"]
    unittest.main(module=None, argv=["e2e", *chosen])
