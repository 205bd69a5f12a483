#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the table of USB identities from data/usb_ids.toml."""

import argparse

from gen_common import HEADER, cpp_string, fail, load_toml, run, write_if_changed

ROLES = ("brom", "preloader", "agent", "vcom", "meta", "fastboot", "recovery", "adb", "mtp")


def read_ids(path):
    table = load_toml(path)
    if set(table) != {"id"} or not isinstance(table["id"], list):
        fail(path, "expected a list of [[id]] and nothing else")
    ids = {}
    for entry in table["id"]:
        if set(entry) != {"vendor", "product", "role", "name"}:
            fail(path, f"{entry}: an id has vendor, product, role and name")
        for key in ("vendor", "product"):
            if not isinstance(entry[key], int) or not 0 < entry[key] <= 0xFFFF:
                fail(path, f"{entry}: {key} must be a number from 1 to 0xffff")
        if entry["role"] not in ROLES:
            fail(path, f"{entry}: role must be one of {', '.join(ROLES)}")
        if not isinstance(entry["name"], str) or not entry["name"]:
            fail(path, f"{entry}: name must be a text")
        key = (entry["vendor"], entry["product"])
        if key in ids:
            fail(path, f"{key[0]:04x}:{key[1]:04x} is there twice")
        ids[key] = entry
    return [ids[key] for key in sorted(ids)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ids", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    ids = read_ids(args.ids)
    lines = [HEADER.format(script="gen_usb_ids.py", source="data/usb_ids.toml"), "#pragma once\n"]
    lines += ['#include "chip/usb_ids.h"\n', "#include <array>\n", "namespace mtk::chip_data {\n"]
    lines.append(f"inline constexpr std::array<UsbId, {len(ids)}> usb_ids = {{{{")
    for entry in ids:
        lines.append(f"    {{0x{entry['vendor']:04x}, 0x{entry['product']:04x}, UsbRole::{entry['role']}, "
                     f"{cpp_string(entry['name'])}}},")
    lines += ["}};\n", "}  // namespace mtk::chip_data"]
    write_if_changed(args.out, "\n".join(lines) + "\n")


if __name__ == "__main__":
    run(main)
