# SPDX-License-Identifier: Apache-2.0
"""Preloader files: a bare GFH image whose content ends in a memory settings block (docs/protocol/formats.md)."""

import hashlib
import struct

from .model import Model
from .noise import noise
from .signature import SIGNATURE_SIZE, sign

MAGIC_VERSION = b"MMM\x01"
FLASH_DEVICE = {"EMMC": 5, "UFS": 0x0C, "NAND": 2}
SIGNATURE_PLAIN_HASH = 1
SIGNATURE_SINGLE = 2
HASH_SIZE = 0x20
ID_LENGTH = 9  # bytes of a memory id that are compared
# Type and size of the headers after FILE_INFO, in the order older and newer images have them.
OLDER_CHAIN = ((1, 0x0C), (7, 0x64), (3, 0x214), (2, 0x14), (8, 0x30))
NEWER_CHAIN = ((1, 0x0C), (7, 0x64), (2, 0x14), (8, 0x30))
USB_DOWNLOAD_TIMEOUT_MS = 5000


def gfh(type_: int, size: int, body: bytes = b"") -> bytes:
    return (MAGIC_VERSION + struct.pack("<HH", size, type_) + body).ljust(size, b"\0")


def file_info(file_type, flash, signature_type, load, length, max_size, content, signature_size) -> bytes:
    body = b"FILE_INFO\0\0\0" + struct.pack(
        "<IHBBIIIIIII", 1, file_type, flash, signature_type, load, length, max_size, content, signature_size, content, 1)
    return gfh(0, 0x38, body)


def emi_record(model: Model, memory_id: bytes) -> bytes:
    """What tools read of a record, kind of memory and id, and timing words nobody reads here."""
    id_field = memory_id[:16].ljust(16, b"\0")
    if model.emi_version == 11:
        head = struct.pack("<I", model.emi_type) + id_field + struct.pack("<I", ID_LENGTH)
    else:
        head = struct.pack("<IIII", 0, model.emi_type, ID_LENGTH, 0) + id_field
    return head + noise(f"timing {memory_id.hex()}", model.emi_record_size - len(head))


def emi_block(model: Model, file_name: str) -> bytes:
    block = f"MTK_BLOADER_INFO_v{model.emi_version:02}".encode().ljust(27, b"\0")
    block += file_name.encode()[:60].ljust(61, b"\0")
    block += b"V116" + bytes.fromhex("22884433 90007000") + b"MTK_BIN\0"
    block += struct.pack("<I", len(model.memory_ids))
    block += b"".join(emi_record(model, one) for one in model.memory_ids)
    return block + struct.pack("<I", len(block))


def make_preloader(model: Model) -> bytes:
    chain = OLDER_CHAIN if model.preloader_generation == "A" else NEWER_CHAIN
    content = 0x300 if model.preloader_generation == "A" else 0xF0
    headers = b""
    for type_, size in chain:
        body = b""
        if type_ == 7:
            body = bytes(0x50) + struct.pack("<I", USB_DOWNLOAD_TIMEOUT_MS)
        headers += gfh(type_, size, body)
    emi = emi_block(model, f"preloader_{model.emi_project}.bin")
    secured = "preloader" in model.signed
    kind, tail = (SIGNATURE_SINGLE, SIGNATURE_SIZE) if secured else (SIGNATURE_PLAIN_HASH, HASH_SIZE)
    code_size = max(model.preloader_size, content + len(emi) + tail) - content - len(emi) - tail
    length = content + code_size + len(emi) + tail
    head = file_info(1, FLASH_DEVICE.get(model.storage, 0), kind, model.preloader_load_address, length, 0x40000, content,
                     tail)
    signed = (head + headers).ljust(content, b"\0") + noise(f"{model.name} preloader", code_size) + emi
    return signed + (sign(signed, model.key) if secured else hashlib.sha256(signed).digest())
