#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What gen_udev_rule.py takes and what it refuses."""

import pathlib
import tempfile
import unittest

import gen_udev_rule
from gen_common import DataError
from gen_usb_ids import read_ids

ROOT = pathlib.Path(__file__).resolve().parent.parent
KNOWN = [{"vendor": 0x0E8D, "product": 0x0003, "role": "brom", "name": "boot ROM"},
         {"vendor": 0x0E8D, "product": 0x2000, "role": "preloader", "name": "preloader"},
         {"vendor": 0x0E8D, "product": 0x2008, "role": "mtp", "name": "running phone"}]
LINE = 'ATTRS{idVendor}=="0e8d", ATTRS{idProduct}=="0003|2000", ENV{.MTKFLASH_PHONE}="1"\n'


class UdevRule(unittest.TestCase):
    def read(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "60-mtkflash.rules"
            path.write_text(text, encoding="utf-8")
            return gen_udev_rule.checked_rule(path, KNOWN)

    def refuses(self, text, message):
        with self.assertRaisesRegex(DataError, message):
            self.read(text)

    def test_a_rule_for_all_download_ports_is_taken_as_it_is(self):
        self.assertEqual(self.read("# a\n" + LINE), "# a\n" + LINE)

    def test_a_forgotten_port_is_named(self):
        self.refuses(LINE.replace("|2000", ""), "lacks .* 0e8d:2000")

    def test_what_is_no_download_port_is_named(self):
        self.refuses(LINE.replace("2000", "2000|2008"), "no download port .* 0e8d:2008")

    def test_a_whole_vendor_is_refused(self):
        self.refuses(LINE + 'ATTRS{idVendor}=="0e8d", ENV{.MTKFLASH_PHONE}="1"\n', "not a line of ids")

    def test_the_shipped_rule_and_the_shipped_ids_agree(self):
        gen_udev_rule.checked_rule(ROOT / "data/udev/60-mtkflash.rules", read_ids(ROOT / "data/usb_ids.toml"))


if __name__ == "__main__":
    unittest.main()
