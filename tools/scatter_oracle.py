#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second reading of text scatter files, written apart from the C++ parser and used only to check it.

scatter_oracle.py FOLDER           prints what FOLDER/expected/*.table must hold to the files there
scatter_oracle.py FOLDER --check   fails when a table is missing, left over or different

A table gives, per entry, where it lies on a phone with the area sizes below; rules: docs/format/scatter.md.
"""
import pathlib
import re
import sys

BOOT = 0x400000
USER = 0x1D1F000000
SIZES = {"boot1": BOOT, "boot2": BOOT, "lu0": BOOT, "lu1": BOOT, "user": USER, "lu2": USER}
AREAS = {
    "EMMC_USER": ("user", ""), "EMMC_BOOT_1": ("boot1", ""), "EMMC_BOOT1": ("boot1", ""),
    "EMMC_BOOT_2": ("boot2", ""), "EMMC_BOOT2": ("boot2", ""), "EMMC_BOOT1_BOOT2": ("boot1", "boot2"),
    "UFS_LU0": ("lu0", ""), "UFS_LU1": ("lu1", ""), "UFS_LU2": ("lu2", ""), "UFS_LU0_LU1": ("lu0", "lu1"),
}
KEY = re.compile(r"^\s*(?:-\s+)?([A-Za-z_]+)\s*:[ \t]*(.*?)\s*$")


def tail(value):
    """Distance from the end in blocks, or None for an ordinary address."""
    return value - 0xFFFF0000 if 0xFFFF0000 <= value <= 0xFFFFFFFF else None


def read(path):
    """[(storage, block size, [entry dict])], plus platform and version."""
    head, sections, entry = {}, [], None
    for line in path.read_bytes().decode("latin-1").splitlines():
        found = None if line.lstrip().startswith("#") else KEY.match(line)
        if not found:
            continue
        key, value = found.groups()
        if key == "storage_type":
            sections.append({"storage": value, "entries": []})
            entry = None
        elif key == "partition_index":
            if not sections:
                sections.append({"storage": head["storage"], "block_size": head["block_size"], "entries": []})
            entry = {"label": value}
            sections[-1]["entries"].append(entry)
        elif entry is not None:
            entry.setdefault(key, value)
        elif sections:
            sections[-1].setdefault(key, value)
        else:
            head.setdefault(key, value)
    return head, sections


def starts(entries):
    """The ordinary addresses of the user area, relative to it: {label: offset}."""
    plain = [e for e in entries if e["region"] == "EMMC_USER"
             and tail(int(e["physical_start_addr"], 16)) is None and tail(int(e["linear_start_addr"], 16)) is None]
    zeros = [e for e in plain if int(e["physical_start_addr"], 16) == 0 and e["is_reserved"] == "false"]
    column, base = "physical_start_addr", 0
    if len(zeros) > 1:
        column = "linear_start_addr"
        base = int(plain[0][column], 16)
    elif plain and plain[0]["partition_name"].lower() in ("mbr", "pgpt"):
        base = int(plain[0][column], 16)
    return {e["label"]: int(e[column], 16) - base for e in plain}


def span(entry, section, user):
    """(offset, length), or None when it lies nowhere."""
    area = AREAS[entry["region"]][0]
    size, room, block = int(entry["partition_size"], 16), SIZES[area], int(section["block_size"], 16)
    ends = [d for d in (tail(int(entry[k], 16)) for k in ("physical_start_addr", "linear_start_addr")) if d is not None]
    if ends:
        return room - (ends[0] * block or size), size
    offset = user.get(entry["label"], int(entry["physical_start_addr"], 16))
    if offset < 0:
        return None
    if size == 0:
        behind = [span(e, section, user)[0] for e in section["entries"]
                  if e["region"] == entry["region"] and tail(int(e["linear_start_addr"], 16)) is not None]
        size = min(behind + [room]) - offset
    if area != "user" and area != "lu2":
        size = min(size, room - offset)
    return offset, size


def table(path):
    head, sections = read(path)
    out = [f"{head['platform']} {head['config_version']} {head['project']}"]
    for section in sections:
        out.append(f"[{section['storage']} {int(section['block_size'], 16):#x}]")
        user = starts(section["entries"])
        for e in section["entries"]:
            area, twin = AREAS[e["region"]]
            file = "" if e["file_name"] == "NONE" else e["file_name"]
            place = span(e, section, user)
            where = f"{place[0]:#x}+{place[1]:#x}" if place else "nowhere"
            policy = "BOOTLOADERS" if e["operation_type"] == "BOOTLOADER" else e["operation_type"]
            out.append("|".join([e["partition_name"], file, e["is_download"], e["type"], area, twin, where,
                                 policy, e["boundary_check"], e["is_reserved"]]))
    return "\n".join(out) + "\n"


def main():
    folder = pathlib.Path(sys.argv[1])
    expected = folder / "expected"
    wanted = {path.stem + ".table": table(path) for path in sorted(folder.glob("*.txt"))
              if b"MTK_PLATFORM_CFG" in path.read_bytes()}
    if sys.argv[2:] == ["--check"]:
        there = {path.name: path.read_text() for path in expected.glob("*.table")}
        wrong = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
        print(f"{len(wanted)} tables, {len(wrong)} differ: {' '.join(wrong)}")
        return 1 if wrong or not wanted else 0
    expected.mkdir(exist_ok=True)
    for name, text in wanted.items():
        (expected / name).write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
