#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What gen_chips.py takes and what it refuses."""

import pathlib
import tempfile
import unittest

import gen_chips
from gen_common import DataError

CHIP = 'name = "MT1"\nhw_code = 0x1111\nnames = ["MT1"]\nda_protocol = "legacy"\nsources = ["me"]\n'


class Chips(unittest.TestCase):
    def read(self, **files):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in files.items():
                (root / f"{name}.toml").write_text(text, encoding="utf-8")
            return gen_chips.read_chips(root)

    def refuses(self, message, **files):
        with self.assertRaisesRegex(DataError, message):
            self.read(**files)

    def test_chips_come_sorted_by_code(self):
        chips = self.read(b=CHIP, a=CHIP.replace("0x1111", "0x2222"))
        self.assertEqual([chip["hw_code"] for chip in chips], [0x1111, 0x2222])

    def test_a_code_used_twice_is_refused(self):
        self.refuses("b.toml:2: hw_code 0x1111 is that of a.toml already", a=CHIP, b=CHIP)

    def test_unknown_fields_are_refused_with_their_line(self):
        self.refuses("a.toml:6: unknown field speed", a=CHIP + "speed = 1\n")
        self.refuses("unknown field watchdog.speed", a=CHIP + "watchdog = { speed = 1 }\n")

    def test_wrong_types_and_ranges_are_refused(self):
        self.refuses("a.toml:6: uart0 must be a number", a=CHIP + "uart0 = -1\n")
        self.refuses("bbchip_id must be a number from 0 to 0xff", a=CHIP + "bbchip_id = 256\n")
        self.refuses("uart0 must be a number", a=CHIP + "uart0 = true\n")
        self.refuses("is_iot must be true or false", a=CHIP + "is_iot = 1\n")
        self.refuses("watchdog.bits must be one of", a=CHIP + "watchdog = { bits = 8 }\n")
        self.refuses("legacy.tail.kind must be one of", a=CHIP + 'legacy = { tail = { kind = "x" } }\n')

    def test_missing_fields_are_named(self):
        self.refuses("a.toml: da_protocol is missing", a=CHIP.replace('da_protocol = "legacy"\n', ""))

    def test_a_child_lays_its_fields_over_its_parent(self):
        parent = "watchdog = { address = 1, value = 2 }\nuart0 = 3\n"
        chips = self.read_with_parent('inherits = "common/x"\nwatchdog = { value = 5 }\n' + CHIP, parent)
        self.assertEqual(chips[0]["watchdog"], {"address": 1, "value": 5})
        self.assertEqual(chips[0]["uart0"], 3)

    def test_a_parent_may_not_name_a_chip(self):
        with self.assertRaisesRegex(DataError, "x.toml:1: hw_code belongs to one chip"):
            self.read_with_parent('inherits = "common/x"\n' + CHIP, "hw_code = 7\n")

    def test_a_circle_of_parents_ends(self):
        with self.assertRaisesRegex(DataError, "more than 4 files"):
            self.read_with_parent('inherits = "common/x"\n' + CHIP, 'inherits = "common/x"\n')

    def test_inheritance_stays_in_the_folder(self):
        self.refuses("must name a file of this folder", a='inherits = "../x"\n' + CHIP)
        self.refuses("which is not there", a='inherits = "common/x"\n' + CHIP)

    def read_with_parent(self, child, parent):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "common").mkdir()
            (root / "common" / "x.toml").write_text(parent, encoding="utf-8")
            (root / "a.toml").write_text(child, encoding="utf-8")
            return gen_chips.read_chips(root)


if __name__ == "__main__":
    unittest.main()
