#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts data/udev/60-mtkflash.rules into the program, after comparing its ids with the download ports of
data/usb_ids.toml: the rule is for them and for nothing else."""

import argparse
import pathlib
import re

from gen_common import HEADER, fail, run, write_if_changed
from gen_usb_ids import read_ids

DOWNLOAD_ROLES = ("brom", "preloader", "agent", "vcom")
MATCH = re.compile(r'^ATTRS\{idVendor\}=="([0-9a-f]{4})", ATTRS\{idProduct\}=="([0-9a-f|]+)", ENV\{\.MTKFLASH_PHONE\}="1"$')
DELIMITER = "rule"


def ids_of_rule(path, text):
    found = set()
    for line in text.splitlines():
        if not line.startswith("ATTRS{"):
            continue
        match = MATCH.match(line)
        if not match:
            fail(path, f"not a line of ids: {line}")
        for product in match[2].split("|"):
            if len(product) != 4:
                fail(path, f"not a product id: {product!r}")
            found.add((int(match[1], 16), int(product, 16)))
    return found


def named(ids):
    return " ".join(f"{vendor:04x}:{product:04x}" for vendor, product in sorted(ids))


def checked_rule(path, known):
    """The text of the rule."""
    text = pathlib.Path(path).read_text(encoding="ascii")
    wanted = {(entry["vendor"], entry["product"]) for entry in known if entry["role"] in DOWNLOAD_ROLES}
    found = ids_of_rule(path, text)
    if wanted - found:
        fail(path, f"lacks download ports of data/usb_ids.toml: {named(wanted - found)}")
    if found - wanted:
        fail(path, f"names what is no download port in data/usb_ids.toml: {named(found - wanted)}")
    if f"){DELIMITER}" in text:
        fail(path, "cannot be put into a C++ literal")
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rule", required=True)
    parser.add_argument("--ids", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    text = checked_rule(args.rule, read_ids(args.ids))
    lines = [HEADER.format(script="gen_udev_rule.py", source="data/udev/60-mtkflash.rules"), "#pragma once\n"]
    lines += ["#include <string_view>\n", "namespace mtk::doctor {\n"]
    lines.append(f'inline constexpr std::string_view shipped_rule = R"{DELIMITER}({text}){DELIMITER}";\n')
    lines.append("}  // namespace mtk::doctor")
    write_if_changed(args.out, "\n".join(lines) + "\n")


if __name__ == "__main__":
    run(main)
