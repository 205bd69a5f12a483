#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second reading of scatter files of every generation, written apart from the C++ parser and used only to check it.

scatter_oracle.py FOLDER           prints what FOLDER/expected/*.table must hold to the files there
scatter_oracle.py FOLDER --check   fails when a table is missing, left over or different

A table gives, per entry, where it lies on a phone with the area sizes below; rules: docs/format/scatter.md.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree

BOOT = 0x400000
USER = 0x1D1F000000
NAND = 0x20000000
SIZES = {"boot1": BOOT, "boot2": BOOT, "lu0": BOOT, "lu1": BOOT, "user": USER, "lu2": USER, "nand": NAND}
AREAS = {
    "EMMC_USER": ("user", ""), "EMMC_BOOT_1": ("boot1", ""), "EMMC_BOOT1": ("boot1", ""),
    "EMMC_BOOT_2": ("boot2", ""), "EMMC_BOOT2": ("boot2", ""), "EMMC_BOOT1_BOOT2": ("boot1", "boot2"),
    "UFS_LU0": ("lu0", ""), "UFS_LU1": ("lu1", ""), "UFS_LU2": ("lu2", ""), "UFS_LU0_LU1": ("lu0", "lu1"),
    "NONE": ("nand", ""),
}
# What the vendor's tool knows of the names in brace lists: type, operation, files.
BRACE = {
    "PRELOADER": ("SV5_BL_BIN", "BOOTLOADERS", "preloader*.bin"), "DSP_BL": ("SV5_BL_BIN", "BOOTLOADERS", "DSP_BL*"),
    "MBR": ("NORMAL_ROM", "UPDATE", "MBR"), "EBR1": ("NORMAL_ROM", "UPDATE", "EBR1"),
    "EBR2": ("NORMAL_ROM", "UPDATE", "EBR2"), "UBOOT": ("NORMAL_ROM", "UPDATE", "lk.bin uboot*.bin"),
    "BOOTIMG": ("NORMAL_ROM", "UPDATE", "boot.img"), "RECOVERY": ("NORMAL_ROM", "UPDATE", "recovery.img"),
    "SEC_RO": ("NORMAL_ROM", "UPDATE", "secro.img"), "LOGO": ("NORMAL_ROM", "UPDATE", "logo.bin"),
    "ANDROID": ("YAFFS_IMG", "UPDATE", "system.img"), "CACHE": ("YAFFS_IMG", "UPDATE", "cache.img"),
    "USRDATA": ("YAFFS_IMG", "UPDATE", "userdata.img"), "NVRAM": ("NORMAL_ROM", "BINREGION", ""),
    "PRO_INFO": ("NORMAL_ROM", "PROTECTED", ""), "PROTECT_F": ("NORMAL_ROM", "PROTECTED", ""),
    "PROTECT_S": ("NORMAL_ROM", "PROTECTED", ""),
}
KEY = re.compile(r"^\s*(?:-\s+)?([A-Za-z_]+)\s*:[ \t]*(.*?)\s*$")


def tail(value):
    """Distance from the end in blocks, or None for an ordinary address."""
    return value - 0xFFFF0000 if 0xFFFF0000 <= value <= 0xFFFFFFFF else None


def read_xml(path):
    """Elements carry the keys of the text form; what has children has its value in the attribute `name`."""
    root = xml.etree.ElementTree.fromstring(path.read_bytes())
    version = root.find("general/config_version")
    head = {"config_version": version.get("name"), **{e.tag: (e.text or "").strip() for e in version}}
    sections = []
    for part in root.findall("storage_type") or [root]:
        storage = part.find("general/storage")
        values = head if storage is None else {e.tag: e.text.strip() for e in storage}
        name = part.get("name", head.get("storage"))
        entries = [{e.tag: (e.text or "").strip() for e in p} | {"label": p.get("name")}
                   for p in part.findall("partition_index")]
        sections.append({"storage": name, "block_size": values["block_size"], "entries": entries})
    return head, sections


def read_brace(path):
    """Names and addresses; sizes are the way to the next one, files and operations the vendor's habit."""
    pairs = re.findall(r"^\s*(\w+)[ \t]+(0[xX][0-9a-fA-F]+)", path.read_text("latin-1"), re.M)
    starts = [int(address, 16) for _, address in pairs]
    emmc = any(name in ("MBR", "EBR1") for name, _ in pairs)
    first = next((s for (n, _), s in zip(pairs, starts) if n not in ("PRELOADER", "DSP_BL")), 0)
    entries = []
    for i, (name, address) in enumerate(pairs):
        plain = name.removeprefix("__NODL_").removeprefix("RSV_")
        loaded, reserved = plain == name, "__NODL_RSV_" in name or tail(starts[i]) is not None
        kind, operation, files = BRACE.get(plain, ("NORMAL_ROM", "UPDATE", ""))
        if not loaded and operation == "UPDATE":
            operation = "INVISIBLE"
        after = [s for s in starts[i + 1:] if tail(s) is None]
        in_user = emmc and starts[i] >= first
        entries.append({
            "label": f"SYS{i}", "partition_name": plain, "file_name": files if loaded else "NONE",
            "is_download": str(loaded).lower(), "type": kind, "linear_start_addr": address,
            "physical_start_addr": address if tail(starts[i]) is not None or not in_user else hex(starts[i] - first),
            "partition_size": hex(after[0] - starts[i] if after and tail(starts[i]) is None else 0),
            "region": ("EMMC_USER" if in_user else "EMMC_BOOT1") if emmc else "NONE",
            "operation_type": "RESERVED" if reserved else operation,
            "boundary_check": str(not reserved).lower(), "is_reserved": str(reserved).lower()})
    head = {"platform": path.name[:6], "config_version": "", "project": ""}
    return head, [{"storage": "EMMC" if emmc else "NAND", "block_size": "0x20000", "entries": entries}]


def read(path):
    """The values of the file, and its sections: storage, block size, entries as {key: value}."""
    content = path.read_bytes()
    if path.suffix == ".xml":
        return read_xml(path)
    return read_text(path) if b"MTK_PLATFORM_CFG" in content else read_brace(path)


def read_text(path):
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
        back = ends[0] * block or size
        return room - back, size or back
    offset = user.get(entry["label"], int(entry["physical_start_addr"], 16))
    if offset < 0:
        return None
    if size == 0:
        behind = [span(e, section, user)[0] for e in section["entries"]
                  if e["region"] == entry["region"] and tail(int(e["linear_start_addr"], 16)) is not None]
        size = min(behind + [room]) - offset
    if area not in ("user", "lu2", "nand"):
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
    files = [path for path in sorted(folder.glob("*.*"))
             if path.suffix == ".xml" or path.suffix == ".txt" and not path.name.startswith("OTA_")]
    wanted = {(path.stem if path.suffix == ".txt" else path.name) + ".table": table(path) for path in files}
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
