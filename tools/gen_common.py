# SPDX-License-Identifier: Apache-2.0
"""What the table generators share: reading TOML with errors that name file and line, and writing C++."""

import pathlib
import re
import sys
import tomllib


class DataError(Exception):
    """A data file does not follow its schema. The text names the file and, where known, the line."""


def fail(path, message, key=None):
    """Refuses a file; `key` is looked up in it so that the message can name a line."""
    line = line_of(path, key) if key else None
    where = f"{path}:{line}" if line else str(path)
    raise DataError(f"{where}: {message}")


def line_of(path, key):
    """The first line that sets `key` or opens the table `key`, or None."""
    pattern = re.compile(rf"^\s*\[*\s*\"?{re.escape(str(key))}\"?\s*(=|\])")
    for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if pattern.match(line):
            return number
    return None


def load_toml(path):
    try:
        return tomllib.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise DataError(f"{path}: {problem}") from problem


def cpp_string(text):
    """A C++ literal for UTF-8 text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    if any(ord(c) < 0x20 for c in text.replace("\n", "")):
        raise DataError(f"control character in {text!r}")
    return f'"{escaped}"'


def write_if_changed(path, text):
    """Leaves an equal file alone, so that nothing is rebuilt without need."""
    target = pathlib.Path(path)
    if target.exists() and target.read_text(encoding="utf-8") == text:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def run(main):
    """Runs a generator; a data error becomes one line on stderr and exit code 1."""
    try:
        main()
    except DataError as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)


HEADER = "// SPDX-License-Identifier: Apache-2.0\n// Written by tools/{script} from {source}; change that, not this.\n"
