#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the chip table from data/chips/*.toml. The schema is docs/format/chip.md; src/chip/chip_file.cpp reads the
same files at run time and must agree with this script, which chip_file_test checks for every chip."""

import argparse
import pathlib
import re

from gen_common import HEADER, cpp_string, fail, load_toml, run, write_if_changed

U8, U16, U32 = 0xFF, 0xFFFF, 0xFFFFFFFF
EVIDENCE = ("untested", "trace", "device", "broken")
KNOWN = ("unknown", "no", "yes")
TAIL = {"kind": ("none", "zero4", "tlc24", "tlc28"), "word": U32}

# A field is an upper bound (number), a tuple of words (enum), bool, str, [str] (list of texts) or a table.
SCHEMA = {
    "name": str,
    "hw_code": U16,
    "names": [str],
    "scatter_names": [str],
    "marketing": str,
    "da_protocol": ("legacy", "xflash", "xml"),
    "da_entry_hw_code": U16,
    "watchdog": {"address": U32, "value": U32, "bits": (0, 16, 32), "write": bool, "also_address": U32},
    "uart0": U32,
    "da1_address": U32,
    "da1_address_forced_by_preloader": U32,
    "preloader_version": U8,
    "bbchip_id": U8,
    "usb_download": {"lock_key": U32, "flag": U32, "reset_control": U32},
    "is_iot": bool,
    "is_64bit": bool,
    "asks_soc_id": bool,
    "write_status_may_be_one": bool,
    "legacy": {
        "tail": TAIL,
        "other_tail": TAIL,
        "report_extra_u32": KNOWN,
        "emi_sends_length": bool,
        "calibration_words": U8,
        "emi_v13_skips_more": bool,
        "bmt_flag": U8,
        "bmt_pool_bytes": U32,
    },
    "xflash": {
        "large_read_packets": bool,
        "joined_acks": bool,
        "shutdown_bytes": (24, 32),
        "checksum_bits": (16, 32),
        "odd_checksum_adds_ff": bool,
        "refused_format_ends": bool,
        "life_check_sends_value": KNOWN,
        "announces_downloads": bool,
        "nand_section": U8,
        "nand_operation": U8,
        "sla_challenge_offset": U8,
        "sla_challenge_bytes": U8,
    },
    "xml": {
        "starts_64bit": bool,
        "stage1_takes_host_commands": bool,
        "stage2_takes_host_commands": bool,
        "checksum_bits": (16, 32),
        "partition_file": ("with_ending", "memory"),
        "challenge": ("random", "hrid_random", "socid_random"),
        "starts_again_after_speed_switch": bool,
    },
    "tested": {"handshake": EVIDENCE, "agent": EVIDENCE, "read": EVIDENCE, "write": EVIDENCE},
    "sources": [str],
    "note": str,
}
REQUIRED = ("name", "hw_code", "names", "da_protocol", "sources")
OF_ONE_CHIP = ("name", "hw_code", "names", "scatter_names")
ENUM = {
    "da_protocol": "DaProtocol",
    "report_extra_u32": "Known",
    "life_check_sends_value": "Known",
    "kind": "TailKind",
    "partition_file": "XmlPartitionFile",
    "challenge": "XmlChallenge",
}
INHERITS = re.compile(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)?")
MOST_PARENTS = 4


def check(path, table, schema=SCHEMA, prefix=""):
    for key, value in table.items():
        name = prefix + key
        if key not in schema:
            fail(path, f"unknown field {name}", key)
        rule = schema[key]
        if isinstance(rule, dict):
            if not isinstance(value, dict):
                fail(path, f"{name} must be a table", key)
            check(path, value, rule, name + ".")
        elif rule is bool or rule is str:
            if not isinstance(value, rule):
                fail(path, f"{name} must be {'true or false' if rule is bool else 'a text'}", key)
        elif isinstance(rule, list):
            if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
                fail(path, f"{name} must be a list of texts", key)
        elif isinstance(rule, tuple):
            if isinstance(value, bool) or value not in rule:
                fail(path, f"{name} must be one of {', '.join(map(str, rule))}", key)
        elif isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= rule:
            fail(path, f"{name} must be a number from 0 to 0x{rule:x}", key)


def merged(base, over):
    """`over` wins; a table (watchdog, legacy, ...) is merged key by key, and so is not a table inside one."""
    result = dict(base)
    for key, value in over.items():
        result[key] = {**result[key], **value} if isinstance(value, dict) and key in result else value
    return result


def read_record(path, root, depth=0):
    table = load_toml(path)
    parent = table.pop("inherits", None)
    check(path, table)
    if depth > 0:
        for key in OF_ONE_CHIP:
            if key in table:
                fail(path, f"{key} belongs to one chip, not to a file others inherit", key)
    if parent is None:
        return table
    if not isinstance(parent, str) or not INHERITS.fullmatch(parent):
        fail(path, "inherits must name a file of this folder, as in common/legacy", "inherits")
    if depth >= MOST_PARENTS:
        fail(path, f"more than {MOST_PARENTS} files inherit from each other", "inherits")
    parent_path = root / f"{parent}.toml"
    if not parent_path.is_file():
        fail(path, f"inherits {parent}, which is not there", "inherits")
    return merged(read_record(parent_path, root, depth + 1), table)


def read_chip(path, root):
    chip = read_record(path, root)
    for key in REQUIRED:
        if key not in chip:
            fail(path, f"{key} is missing")
    if chip["name"] not in chip["names"]:
        fail(path, "names must contain the name", "names")
    if not chip["hw_code"]:
        fail(path, "hw_code 0 is no chip", "hw_code")
    return chip


def read_chips(root):
    chips, origin = {}, {}
    for path in sorted(root.glob("*.toml")):
        chip = read_chip(path, root)
        code = chip["hw_code"]
        if code in chips:
            fail(path, f"hw_code 0x{code:04x} is that of {origin[code].name} already", "hw_code")
        chips[code], origin[code] = chip, path
    return [chips[code] for code in sorted(chips)]


def cpp_value(key, value, rule):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return ("ConfigTail" if rule is TAIL else "") + cpp_table(value, rule)
    if isinstance(value, str) and isinstance(rule, tuple):
        return f"{ENUM.get(key, 'Evidence')}::{value}"
    if isinstance(value, str):
        return cpp_string(value)
    return f"0x{value:x}" if value > 9 else str(value)


def cpp_table(table, schema):
    fields = [f".{key} = {cpp_value(key, table[key], rule)}" for key, rule in schema.items() if key in table]
    return "{" + ", ".join(fields) + "}"


def cpp_chip(chip, lists):
    fields = []
    for key, rule in SCHEMA.items():
        if key not in chip:
            continue
        if isinstance(rule, list):
            if chip[key]:
                name = f"{key}_{chip['hw_code']:04x}"
                items = ", ".join(cpp_string(item) for item in chip[key])
                lists.append(f"inline constexpr std::string_view {name}[] = {{{items}}};")
                fields.append(f".{key} = {name}")
        else:
            fields.append(f".{key} = {cpp_value(key, chip[key], rule)}")
    # C++ wants designators in the order of the members: hw_code stands first there.
    fields.sort(key=lambda field: not field.startswith(".hw_code"))
    return "    Chip{" + ",\n         ".join(fields) + "},"


def table_header(chips):
    lists = []
    rows = [cpp_chip(chip, lists) for chip in chips]
    head = [HEADER.format(script="gen_chips.py", source="data/chips"), "#pragma once\n", "#include <mtk/chip.h>\n"]
    head += ["#include <array>\n", "namespace mtk::chip_data {\n"]
    tail = [f"\ninline constexpr std::array<Chip, {len(chips)}> table = {{"]
    return "\n".join(head + lists + tail + rows + ["};\n", "}  // namespace mtk::chip_data"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chips", required=True, type=pathlib.Path, help="the folder data/chips")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    write_if_changed(args.out, table_header(read_chips(args.chips)))


if __name__ == "__main__":
    run(main)
