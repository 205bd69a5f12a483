# SPDX-License-Identifier: Apache-2.0
"""Compares lines of --json with the tables of docs/format/events.md, both ways: no field without a row, no required
row without a field, and types that agree."""

import json
import re
from pathlib import Path

DOC = Path(__file__).resolve().parents[3] / "docs" / "format" / "events.md"
EVENTS = ("stage", "progress", "phone", "finding", "bus", "plan", "result", "error")
HEADING = re.compile(r"^#{2,3} (.+)$")
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+?) \|")


def read_tables():
    """Heading -> {field: (type, required)}."""
    tables, current = {}, None
    for line in DOC.read_text().splitlines():
        if heading := HEADING.match(line):
            current = tables.setdefault(heading[1], {})
        elif (row := ROW.match(line)) and current is not None:
            kind, _, optional = row[2].partition(", ")
            current[row[1]] = (kind, optional != "optional")
    return tables


class Mismatch(AssertionError):
    pass


class EventsDoc:
    def __init__(self):
        self.tables = read_tables()
        missing = [name for name in EVENTS if name not in self.tables]
        if missing:
            raise Mismatch(f"{DOC.name} does not describe {missing}")
        self.seen = set()  # (table, field)

    def check_line(self, line):
        event = json.loads(line)
        table = {**self.tables["Every event"], **self.tables.get(event.get("event"), {})}
        if event.get("event") not in EVENTS:
            raise Mismatch(f"not an event: {line[:200]}")
        self._object(event["event"], table, event)
        return event

    def _object(self, name, table, found):
        if not isinstance(found, dict):
            raise Mismatch(f"{name} is not an object: {found!r}")
        for field, value in found.items():
            if field not in table:
                raise Mismatch(f"{name}.{field} is not documented")
            self.seen.add((name, field))
            self._value(f"{name}.{field}", table[field][0], value)
        absent = [field for field, (_, required) in table.items() if required and field not in found]
        if absent:
            raise Mismatch(f"{name} lacks {absent}")

    def _value(self, where, kind, value):
        if kind.endswith(" or null"):
            if value is None:
                return
            kind = kind.removesuffix(" or null")
        if kind.startswith("list of "):
            if not isinstance(value, list):
                raise Mismatch(f"{where} is not a list")
            for item in value:
                self._value(where, kind.removeprefix("list of "), item)
        elif kind in self.tables:
            self._object(kind, self.tables[kind], value)
        elif kind == "text":
            self._type(where, value, str)
        elif kind == "yes/no":
            self._type(where, value, bool)
        elif kind == "number":
            self._type(where, value, int)
            if isinstance(value, bool):
                raise Mismatch(f"{where} is yes/no, not a number")
        else:
            raise Mismatch(f"{where}: {DOC.name} names an unknown type, {kind}")

    @staticmethod
    def _type(where, value, kind):
        if not isinstance(value, kind):
            raise Mismatch(f"{where} is {value!r}")
