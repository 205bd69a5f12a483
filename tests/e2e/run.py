#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the end-to-end tests of this folder against the programs of a build.

Use: tests/e2e/run.py BUILD_DIR [--part I/N] [unittest option or test name...]

A part is every Nth test, so that long lists run beside each other.
"""

import os
import sys
import unittest
from pathlib import Path



class Part(unittest.TestLoader):
    """Loads every `count`th test, from the one with number `index` on."""

    def __init__(self, index, count):
        super().__init__()
        self.index, self.count = index, count

    def loadTestsFromNames(self, names, module=None):
        def flat(suite):
            for one in suite:
                yield from flat(one) if isinstance(one, unittest.TestSuite) else (one,)

        tests = list(flat(super().loadTestsFromNames(names, module)))
        return self.suiteClass(tests[self.index::self.count])


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
    chosen = sys.argv[2:]
    loader = unittest.defaultTestLoader
    if chosen[:1] == ["--part"]:
        index, count = map(int, chosen[1].split("/"))
        loader, chosen = Part(index - 1, count), chosen[2:]
    chosen = chosen or ["discover", "-s", str(here), "-p", "*_test.py", "-v"]
    unittest.main(module=None, argv=["e2e", *chosen], testLoader=loader)
