#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What gen_findings.py takes and what it refuses."""

import pathlib
import tempfile
import unittest

import gen_findings
from gen_common import DataError

GOOD = '[a]\nsymbols = ["S_A"]\nmeans = "It failed."\ncauses = ["Heat."]\nnext = ["Repeat."]\nretryable = true\n'


class Findings(unittest.TestCase):
    def with_file(self, text, use):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "findings.toml"
            path.write_text(text, encoding="utf-8")
            return use(path)

    def refuses(self, text, message):
        with self.assertRaisesRegex(DataError, message):
            self.with_file(text, gen_findings.read_findings)

    def test_sentences_get_ids_in_order(self):
        sentences = self.with_file(GOOD, gen_findings.sentences)
        self.assertEqual(
            sentences,
            {"finding_a_means": "It failed.", "finding_a_causes_1": "Heat.", "finding_a_next_1": "Repeat."},
        )

    def test_cable_advice_is_marked_and_loses_the_mark(self):
        finding = self.with_file(GOOD.replace('"Repeat."', '"Wait.", "(cable) Change it."'), gen_findings.read_findings)["a"]
        self.assertEqual(finding["next"], ["Wait.", "Change it."])
        self.assertEqual(finding["cable"], [False, True])

    def test_a_format_is_never_advised(self):
        self.refuses(GOOD.replace("Repeat.", "Try a format."), "a format is never advised")
        self.refuses(GOOD.replace("Repeat.", "Use formatting."), "a format is never advised")
        self.with_file(GOOD.replace("Repeat.", "Do not format: it cures nothing."), gen_findings.read_findings)

    def test_a_symbol_with_two_findings_is_refused(self):
        self.refuses(GOOD + GOOD.replace("[a]", "[b]"), "b: S_A has a finding already")

    def test_a_finding_says_what_to_do(self):
        self.refuses(GOOD.replace('next = ["Repeat."]\n', ""), "says nothing to do next")

    def test_unknown_fields_and_loose_sentences_are_refused(self):
        self.refuses(GOOD + 'cause = "x"\n', "unknown field cause")
        self.refuses(GOOD.replace("It failed.", "It failed"), "ends with a full stop")
        self.refuses(GOOD.replace("It failed.", "{x} failed."), "no arguments")
        self.refuses(GOOD.replace("It failed.", "It failed!"), "no exclamation mark")

    def test_symbols_must_be_known(self):
        def check(path):
            status = path.parent / "status.csv"
            status.write_text("name\nS_B\n", encoding="utf-8")
            gen_findings.check_symbols(path, gen_findings.read_findings(path), status)

        with self.assertRaisesRegex(DataError, "findings.toml:1: a: S_A is no status symbol"):
            self.with_file(GOOD, check)

    def test_hearsay_about_one_code_stands_once(self):
        twice = '[[hearsay]]\ncode = 5\nsays = "No."\n' * 2
        with self.assertRaisesRegex(DataError, "hearsay about 5 is there twice"):
            self.with_file(twice, gen_findings.read_hearsay)


if __name__ == "__main__":
    unittest.main()
