#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the table of status codes from data/status_codes.csv."""

import argparse
import csv

from gen_common import HEADER, DataError, cpp_string, run, write_if_changed

COLUMNS = ["code_dec", "code_hex", "name", "family", "stage", "generation", "note"]
FAMILIES = {"legacy", "legacy-iot", "xflash", "brom16", "tool", "v6-gui", "upgrade-check"}
AREAS = {"connect", "brom", "preloader", "da1", "dram", "da2", "storage", "image", "security", "backup", "efuse", "otp",
         "memory-test", "host"}
GENERATIONS = {"V3": 1, "V5": 2, "IOT": 4}


def read_codes(path):
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        if reader.fieldnames != COLUMNS:
            raise DataError(f"{path}:1: the columns must be {','.join(COLUMNS)}")
        rows, seen = [], set()
        for number, row in enumerate(reader, 2):
            where = f"{path}:{number}"
            if None in row or None in row.values():
                raise DataError(f"{where}: wrong number of columns")
            try:
                code = int(row["code_dec"])
                if code != int(row["code_hex"], 16) or not 0 <= code <= 0xFFFFFFFF:
                    raise ValueError
            except ValueError as problem:
                raise DataError(f"{where}: code_dec and code_hex must be one 32-bit number") from problem
            if row["family"] not in FAMILIES or row["stage"] not in AREAS or not row["name"]:
                raise DataError(f"{where}: unknown family or stage, or no name")
            key = (code, row["name"], row["family"])
            if key in seen:
                raise DataError(f"{where}: {row['name']} is there twice")
            seen.add(key)
            rows.append((code, row))
    return sorted(rows, key=lambda item: (item[0], item[1]["family"], item[1]["name"]))


def table_header(rows):
    lines = [HEADER.format(script="gen_status.py", source="data/status_codes.csv"), "#pragma once\n"]
    lines += ['#include "diagnose/status_codes.h"\n', "#include <array>\n", "namespace mtk::diagnose_data {\n"]
    lines.append(f"inline constexpr std::array<StatusCode, {len(rows)}> status_codes = {{{{")
    for code, row in rows:
        family = row["family"].replace("-", "_")
        area = row["stage"].replace("-", "_")
        mask = sum(GENERATIONS.get(part, 0) for part in row["generation"].split("+"))
        lines.append(f"    {{0x{code:x}, {cpp_string(row['name'])}, StatusFamily::{family}, StatusArea::{area}, {mask}, "
                     f"{cpp_string(row['generation'])}, {cpp_string(row['note'])}}},")
    lines += ["}};\n", "}  // namespace mtk::diagnose_data"]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--status", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    write_if_changed(args.out, table_header(read_codes(args.status)))


if __name__ == "__main__":
    run(main)
