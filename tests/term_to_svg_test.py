#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tools/term-to-svg draws the last state of a terminal, not everything that passed over it."""

import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

TOOL = Path(__file__).resolve().parent.parent / "tools" / "term-to-svg"
SVG = "{http://www.w3.org/2000/svg}"


class Drawing(unittest.TestCase):
    def draw(self, capture=None, *command):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "a.svg"
            subprocess.run([TOOL, "-o", out, "--width", "40", "--", *command] if command else [TOOL, "-o", out, "--width", "40"],
                           input=capture, check=True)
            root = xml.parse(out).getroot()
        return [(text.text, text.get("fill"), text.get("y")) for text in root.iter(f"{SVG}text")]

    def test_colours_become_fills(self):
        self.assertEqual([t[:2] for t in self.draw(b"\x1b[31mred\x1b[0m plain\x1b[38;5;208mx\x1b[48;2;1;2;3;38;2;4;5;6my")],
                         [("red", "#cc0000"), (" plain", "#d3d7cf"), ("x", "#ff8700"), ("y", "#040506")])

    def test_a_progress_line_is_drawn_as_it_was_left(self):
        self.assertEqual([t[0] for t in self.draw(b"first\n10 %...\r\x1b[K99 %\n")], ["first", "99 %"])

    def test_moving_up_and_erasing_below(self):
        self.assertEqual([t[0] for t in self.draw(b"a\nb\nc\x1b[2A\r\x1b[JX\n")], ["X"])

    def test_long_lines_wrap_at_the_width(self):
        self.assertEqual([len(t[0]) for t in self.draw(b"x" * 50)], [40, 10])

    def test_marks_of_the_picture_language_are_escaped(self):
        self.assertEqual([t[0] for t in self.draw(b"<a> & b")], ["<a> & b"])

    def test_a_command_runs_in_a_terminal_of_that_width(self):
        self.assertEqual([t[0] for t in self.draw(None, "sh", "-c", "test -t 1 && stty size")], ["30 40"])


if __name__ == "__main__":
    unittest.main()
