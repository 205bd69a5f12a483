# SPDX-License-Identifier: Apache-2.0
"""A stand-in download agent container of the genuine layout. Its code is noise: a virtual phone starts any agent
whose stage 1 carries the digest of stage 2."""

import hashlib
import struct
from dataclasses import dataclass

from .noise import noise
from .preloader import file_info
from .signature import SIGNATURE_SIZE, sign

HEADER_SIZE = 0x6C
ENTRY_SIZE = 0xDC
TABLE_SLOTS = 20
STUB_SIZE = 0x270
DEFAULT_DA1_ADDRESS = 0x200000
# Chips whose agents ride along, as in a genuine container.
COMPANIONS = (0x6572, 0x6580, 0x6582, 0x6592, 0x6735, 0x8127)


@dataclass
class Region:
    data: bytes
    address: int
    signature_size: int


def make_regions(name: str, da1_address: int, da2_address: int, key: str, small: bool, digest: str) -> list[Region]:
    stub = file_info(7, 0, 0, 0x80001000, STUB_SIZE, STUB_SIZE, 0x38, 0) + noise(f"{name} stub", STUB_SIZE - 0x38)
    da1_size, da2_size = (0x500, 0x900) if small else (0x14000, 0x34000)
    da2 = noise(f"{name} stage 2", da2_size)
    da2_digest = hashlib.new(digest, da2).digest()
    da1 = noise(f"{name} stage 1", da1_size - len(da2_digest)) + da2_digest
    return [
        Region(stub, 0x80001000, 0),
        Region(da1 + sign(da1, key), da1_address, SIGNATURE_SIZE),
        Region(da2 + sign(da2, key), da2_address, SIGNATURE_SIZE),
    ]


def make_container(hw_code: int, hw_version: int, da1_address: int, da2_address: int, key: str, small: bool,
                   digest: str) -> bytes:
    """An agent file that serves the chip with this (container) hw_code and the usual companions. Legacy agents carry the
    SHA-1 of their second stage, XFlash agents the SHA-256."""
    codes = [hw_code] if small else sorted({hw_code, *COMPANIONS})
    table = b""
    data = b""
    data_start = HEADER_SIZE + TABLE_SLOTS * ENTRY_SIZE
    for code in codes:
        ours = code == hw_code
        regions = make_regions(f"agent {code:04x}", da1_address if ours else DEFAULT_DA1_ADDRESS, da2_address, key, small, digest)
        entry = struct.pack("<HHHHHHHHHH", 0xDADA, code, 0x8A00, hw_version if ours else 0xCA00, 0, 0, 0x1000, 0, 0,
                            len(regions))
        for region in regions:
            size, signature = len(region.data), region.signature_size
            entry += struct.pack("<IIIII", data_start + len(data), size, region.address, size - signature, signature)
            data += region.data
        table += entry.ljust(ENTRY_SIZE, b"\0")
    header = b"MTK_DOWNLOAD_AGENT".ljust(32, b"\0") + b"MTK_AllInOne_DA_v3.3001.stand-in".ljust(64, b"\0")
    header += struct.pack("<III", 4, 0x22668899, len(codes))
    return (header + table).ljust(data_start, b"\0") + data


def make_xml_container(hw_code: int, da1_address: int, da2_address: int, key: str, small: bool) -> bytes:
    """An agent file of the XML family: one entry for one chip, data right behind it, the first stage listed twice, and
    signature offsets that count from the beginning of the file. A slot of 0x30 bytes before the first stage's signature
    holds the digest of the second."""
    _, da1, da2 = make_regions(f"agent {hw_code:04x}", da1_address, da2_address, key, small, "sha256")
    da2_digest = hashlib.sha256(da2.data[:-SIGNATURE_SIZE]).digest()
    code = da1.data[:-SIGNATURE_SIZE - 0x30] + da2_digest.ljust(0x30, b"\0")
    da1 = Region(code + sign(code, key), da1_address, SIGNATURE_SIZE)
    data_start = HEADER_SIZE + 20 + 3 * 20
    entry = struct.pack("<HHHHHHHHHH", 0xDADA, hw_code, 0x8A00, 0xCA00, 0, 0, 0, 0, 0, 3)
    data = da1.data + da2.data
    for region, at in ((da1, 0), (da1, 0), (da2, len(da1.data))):
        begin, size, signature = data_start + at, len(region.data), region.signature_size
        entry += struct.pack("<IIIII", begin, size, region.address, begin + size - signature, signature)
    header = b"MTK_DOWNLOAD_AGENT".ljust(32, b"\0") + b"MTK_DA_v6_stand-in".ljust(64, b"\0")
    header += struct.pack("<III", 4, 0x22668899, 1)
    return header + entry + data
