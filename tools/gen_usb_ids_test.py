#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What gen_usb_ids.py takes and what it refuses."""

import pathlib
import tempfile
import unittest

import gen_usb_ids
from gen_common import DataError

GOOD = '[[id]]\nvendor = 0x0e8d\nproduct = 3\nrole = "brom"\nname = "boot ROM"\n'


class UsbIds(unittest.TestCase):
    def read(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "usb_ids.toml"
            path.write_text(text, encoding="utf-8")
            return gen_usb_ids.read_ids(path)

    def refuses(self, text, message):
        with self.assertRaisesRegex(DataError, message):
            self.read(text)

    def test_ids_come_sorted(self):
        ids = self.read(GOOD.replace("product = 3", "product = 9") + GOOD)
        self.assertEqual([entry["product"] for entry in ids], [3, 9])

    def test_an_id_stands_once(self):
        self.refuses(GOOD * 2, "0e8d:0003 is there twice")

    def test_wrong_fields_are_refused(self):
        self.refuses(GOOD + "speed = 1\n", "an id has vendor, product, role and name")
        self.refuses(GOOD.replace("product = 3", "product = 0x10000"), "product must be a number")
        self.refuses(GOOD.replace('"brom"', '"rom"'), "role must be one of")
        self.refuses("x = 1\n", r"expected a list of \[\[id\]\]")


if __name__ == "__main__":
    unittest.main()
