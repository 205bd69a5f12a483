# SPDX-License-Identifier: Apache-2.0
"""A stand-in download agent container of the genuine layout. Its code is noise: a virtual phone starts any agent
whose stage 1 carries the digest of stage 2."""

import hashlib
import struct
from dataclasses import dataclass

from .noise import noise
from .preloader import file_info

HEADER_SIZE = 0x6C
ENTRY_SIZE = 0xDC
TABLE_SLOTS = 20
SIGNATURE_SIZE = 0x100
STUB_SIZE = 0x270
DEFAULT_DA1_ADDRESS = 0x200000
# Chips whose agents ride along, as in a genuine container.
COMPANIONS = (0x6572, 0x6580, 0x6582, 0x6592, 0x6735, 0x8127)


@dataclass
class Region:
    data: bytes
    address: int
    signature_size: int


def sign(data: bytes, key: str) -> bytes:
    """The slot after the data: this project's stand-in signature where the phone has a key, otherwise empty."""
    signature = hashlib.sha256(key.encode() + data).digest() if key else b""
    return signature.ljust(SIGNATURE_SIZE, b"\0")


def make_regions(name: str, da1_address: int, da2_address: int, key: str, small: bool) -> list[Region]:
    stub = file_info(7, 0, 0, 0x80001000, STUB_SIZE, STUB_SIZE, 0x38, 0) + noise(f"{name} stub", STUB_SIZE - 0x38)
    da1_size, da2_size = (0x500, 0x900) if small else (0x14000, 0x34000)
    da2 = noise(f"{name} stage 2", da2_size)
    da1 = noise(f"{name} stage 1", da1_size - 20) + hashlib.sha1(da2).digest()
    return [
        Region(stub, 0x80001000, 0),
        Region(da1 + sign(da1, key), da1_address, SIGNATURE_SIZE),
        Region(da2 + sign(da2, key), da2_address, SIGNATURE_SIZE),
    ]


def make_container(hw_code: int, hw_version: int, da1_address: int, da2_address: int, key: str, small: bool) -> bytes:
    """An agent file that serves the chip with this (container) hw_code and the usual companions."""
    codes = [hw_code] if small else sorted({hw_code, *COMPANIONS})
    table = b""
    data = b""
    data_start = HEADER_SIZE + TABLE_SLOTS * ENTRY_SIZE
    for code in codes:
        ours = code == hw_code
        regions = make_regions(f"agent {code:04x}", da1_address if ours else DEFAULT_DA1_ADDRESS, da2_address, key, small)
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
