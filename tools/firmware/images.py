# SPDX-License-Identifier: Apache-2.0
"""Partition images: MTK image headers, Android boot images, Android sparse files."""

import struct
import zlib

from .model import Partition
from .noise import noise

BLOCK = 4096
SECTOR = 512
BOOT_PAGE = 2048
RAW, FILL, DONT_CARE, CRC32 = 0xCAC1, 0xCAC2, 0xCAC3, 0xCAC4


def mtk_image(name: str, data: bytes) -> bytes:
    head = struct.pack("<II", 0x58881688, len(data)) + name.encode().ljust(32, b"\0")
    head += struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF)
    return head.ljust(512, b"\xff") + data


def android_boot(name: str, size: int) -> bytes:
    """Header version 0. Kernel and ramdisk carry MTK headers, as phones of this age want them."""
    page = BOOT_PAGE
    kernel_size = (size - page) * 3 // 4 // page * page
    ramdisk_size = size - page - kernel_size
    kernel = mtk_image("KERNEL", noise(f"{name} kernel", kernel_size - 512))
    ramdisk = mtk_image("RECOVERY" if name == "recovery" else "ROOTFS", noise(f"{name} ramdisk", ramdisk_size - 512))
    head = b"ANDROID!" + struct.pack("<IIIIIIIIII", kernel_size, 0x80008000, ramdisk_size, 0x84000000, 0, 0x80F00000,
                                     0x8E000000, page, 0, 0)
    head += name.encode().ljust(16, b"\0") + b"bootopt=64S3,32N2,32N2".ljust(512, b"\0")
    return head.ljust(page, b"\0")[:page] + kernel + ramdisk


def logo(name: str, size: int) -> bytes:
    """Count, total size, offsets, then compressed pictures; here one picture that fills the size."""
    packed = zlib.compress(noise(name, max(size - 512 - 12 - 64, 16)), 0)
    body = struct.pack("<III", 1, 12 + len(packed), 12) + packed
    return mtk_image("logo", body.ljust(size - 512, b"\0"))


def sparse_runs(name: str, blocks: int) -> list[tuple[int, int, bytes]]:
    """Kind, blocks and data of each chunk: half data, a quarter fill, a quarter holes, as a file system leaves them."""
    runs = []
    run = max(blocks // 16, 1)
    for start in range(0, blocks, run):
        count = min(run, blocks - start)
        kind = (RAW, FILL, RAW, DONT_CARE)[len(runs) % 4]
        if kind == RAW:
            runs.append((kind, count, noise(f"{name} {start}", count * BLOCK)))
        else:
            runs.append((kind, count, struct.pack("<I", 0x5A5A0000 + start) if kind == FILL else b""))
    return runs


def unpacked(kind: int, count: int, data: bytes) -> bytes:
    if kind == RAW:
        return data
    return data * (count * BLOCK // 4) if kind == FILL else bytes(count * BLOCK)


def chunk(kind: int, count: int, data: bytes) -> bytes:
    return struct.pack("<HHII", kind, 0, count, 12 + len(data)) + data


def sparse_image(name: str, size: int, hole: int = 0) -> bytes:
    """An Android sparse file that unpacks to `size` bytes, their checksum, and a hole of `hole` bytes."""
    runs = sparse_runs(name, -(-size // BLOCK))
    chunks = [chunk(*run) for run in runs]
    checksum = 0
    for run in runs:
        checksum = zlib.crc32(unpacked(*run), checksum)
    chunks.append(chunk(CRC32, 0, struct.pack("<I", checksum)))
    if hole:
        chunks.append(chunk(DONT_CARE, hole // BLOCK, b""))
    blocks = -(-size // BLOCK) + hole // BLOCK
    return struct.pack("<IHHHHIIII", 0xED26FF3A, 1, 0, 28, 12, BLOCK, blocks, len(chunks), 0) + b"".join(chunks)


def boot_record(record: Partition, partitions: list[Partition]) -> bytes:
    """MBR: where the first extended record is. EBR: the file systems, counted from the record; CHS stays zero."""
    if record.name == "MBR":
        rows = [(5, part.start, 0xFFFFFFFF * SECTOR) for part in partitions if part.name == "EBR1"]
    else:
        rows = [(0x83, part.start, part.size) for part in partitions if part.type == "EXT4_IMG" and part.is_download]
    table = b"".join(struct.pack("<IIII", 0, kind, (start - record.start) // SECTOR, size // SECTOR)
                     for kind, start, size in rows[:4])
    return bytes(446) + table.ljust(64, b"\0") + b"\x55\xaa"


def vbmeta(size: int) -> bytes:
    """Android's header for verified boot, with no key and nothing to verify."""
    head = b"AVB0" + struct.pack(">II", 1, 0) + struct.pack(">QQI", 0, 0, 0) + struct.pack(">10Q", *[0] * 10)
    head += struct.pack(">QII", 0, 0, 0) + b"avbtool 1.1.0".ljust(48, b"\0")
    return head.ljust(size, b"\0")


def make_image(phone: str, partition: Partition, oversize: bool = False) -> bytes:
    """The image of one partition; `oversize` makes it 4 KiB larger than the partition."""
    name = f"{phone} {partition.file_name}"
    if partition.sparse:
        hole = max(partition.size - partition.image_size, 0) // BLOCK * BLOCK + BLOCK if oversize else 0
        return sparse_image(name, partition.image_size, hole)
    size = partition.size + BLOCK if oversize else partition.image_size
    if partition.image == "lk":
        return mtk_image("lk", noise(name, size - 512))
    if partition.image == "logo":
        return logo(name, size)
    if partition.image == "android":
        return android_boot("recovery" if "recovery" in partition.name.lower() else "boot", size)
    if partition.name.lower().startswith("vbmeta"):
        return vbmeta(size)
    if partition.name.lower() in ("secro", "sec_ro"):
        return b"AND_AC_REGION".ljust(32, b"\0") + noise(name, size - 32)
    return noise(name, size)
