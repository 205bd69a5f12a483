#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What gen_status.py takes and what it refuses."""

import pathlib
import tempfile
import unittest

import gen_status
from gen_common import DataError

HEAD = "code_dec,code_hex,name,family,stage,generation,note\n"


class StatusCodes(unittest.TestCase):
    def read(self, rows):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "codes.csv"
            path.write_text(rows, encoding="utf-8")
            return gen_status.read_codes(path)

    def refuses(self, rows, message):
        with self.assertRaisesRegex(DataError, message):
            self.read(rows)

    def test_codes_come_sorted(self):
        rows = self.read(HEAD + "11,0xB,S_B,legacy,host,V5,\n10,0xA,S_A,legacy,host,V3+V5,\n")
        self.assertEqual([code for code, _ in rows], [10, 11])

    def test_numbers_must_agree(self):
        self.refuses(HEAD + "10,0xB,S_A,legacy,host,V5,\n", "codes.csv:2: code_dec and code_hex")
        self.refuses(HEAD + "4294967296,0x100000000,S_A,legacy,host,V5,\n", "32-bit number")

    def test_unknown_words_and_columns_are_refused(self):
        self.refuses(HEAD + "10,0xA,S_A,legcy,host,V5,\n", "unknown family or stage")
        self.refuses(HEAD + "10,0xA,S_A,legacy,hos,V5,\n", "unknown family or stage")
        self.refuses("code,name\n", "codes.csv:1: the columns must be")
        self.refuses(HEAD + "10,0xA,S_A,legacy\n", "wrong number of columns")

    def test_the_same_row_twice_is_refused(self):
        self.refuses(HEAD + "10,0xA,S_A,legacy,host,V5,\n" * 2, "S_A is there twice")

    def test_generations_become_bits(self):
        header = gen_status.table_header(self.read(HEAD + "10,0xA,S_A,legacy,host,V3+IOT,\n"))
        self.assertIn('StatusArea::host, 5, "V3+IOT"', header)


if __name__ == "__main__":
    unittest.main()
