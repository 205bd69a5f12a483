# SPDX-License-Identifier: Apache-2.0
"""Images to measure with: bytes that do not repeat early, plain and as Android sparse files."""

import random
import struct

MIB = 1 << 20
BLOCK = 4096
RAW, FILL, DONT_CARE = 0xCAC1, 0xCAC2, 0xCAC3


def noise():
    return random.Random(1).randbytes(MIB)


def write_raw(path, size):
    data = noise()
    with open(path, "wb") as out:
        for number in range(size // MIB):
            out.write(number.to_bytes(8, "little") + data[8:])


def write_sparse(path, size, stretch, hole):
    """Pieces of 2 MiB in which raw and filled stretches take turns, `hole` bytes of nothing behind each."""
    data = noise()
    per_piece = 2 * MIB // stretch
    pieces = size // (2 * MIB + hole)
    chunks = pieces * (per_piece + (hole > 0))
    with open(path, "wb") as out:
        out.write(struct.pack("<IHHHHIIII", 0xED26FF3A, 1, 0, 28, 12, BLOCK, size // BLOCK, chunks, 0))
        for _ in range(pieces):
            for number in range(per_piece // 2):
                out.write(struct.pack("<HHII", RAW, 0, stretch // BLOCK, 12 + stretch))
                out.write(data[number * stretch:(number + 1) * stretch])
                out.write(struct.pack("<HHIII", FILL, 0, stretch // BLOCK, 16, 0xA5A50000 + number))
            if hole:
                out.write(struct.pack("<HHII", DONT_CARE, 0, hole // BLOCK, 12))
