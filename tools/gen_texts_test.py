#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What gen_texts.py takes and what it refuses."""

import pathlib
import tempfile
import unittest

import gen_texts
from gen_common import DataError


class Texts(unittest.TestCase):
    def read(self, text, name="en.toml"):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / name
            path.write_text(text, encoding="utf-8")
            return gen_texts.read_sentences(path)

    def refuses(self, text, message):
        with self.assertRaisesRegex(DataError, message):
            self.read(text)

    def test_section_and_key_make_the_id(self):
        sentences = self.read('[connect]\nwaiting = "Waiting {seconds} s"\n')
        self.assertEqual(sentences, {"connect_waiting": ("Waiting {seconds} s", {"seconds"})})

    def test_unnamed_arguments_are_refused_with_their_line(self):
        self.refuses('[a]\nb = "x {}"\n', r"en\.toml:2: b: argument")
        self.refuses('[a]\nb = "x {0}"\n', "plain lower-case name")
        self.refuses('[a]\nb = "x {name.field}"\n', "plain lower-case name")
        self.refuses('[a]\nb = "x {name!r}"\n', "plain lower-case name|exclamation")

    def test_number_formats_are_taken(self):
        self.assertEqual(self.read('[a]\nb = "{code:#x} {rate:.1f}"\n')["a_b"][1], {"code", "rate"})

    def test_an_id_made_twice_is_refused(self):
        self.refuses('[a]\nb_c = "one"\n[a_b]\nc = "two"\n', "a_b_c is made by two sections")
        self.refuses('[a]\nb = "one"\nb = "two"\n', "en.toml")

    def test_empty_or_loud_sentences_are_refused(self):
        self.refuses('[a]\nb = " "\n', "must be a sentence")
        self.refuses('[a]\nb = "Done!"\n', "no exclamation mark")

    def test_a_translation_keeps_ids_and_arguments(self):
        english = self.read('[a]\nb = "x {n}"\n')
        with self.assertRaisesRegex(DataError, "same arguments"):
            self.check(english, {"a_b": ("y", set())})
        with self.assertRaisesRegex(DataError, "not in the English table"):
            self.check(english, {"a_z": ("y", set())})
        self.check(english, {"a_b": ("{n} y", {"n"})})

    def check(self, english, translated):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "xx.toml"
            path.write_text("", encoding="utf-8")
            gen_texts.check_translation(path, english, translated)


if __name__ == "__main__":
    unittest.main()
