# SPDX-License-Identifier: Apache-2.0
"""Bytes that stand for code and data: no compressor shrinks them, and the same name always gives the same bytes."""

import hashlib


def noise(name: str, size: int) -> bytes:
    return hashlib.shake_128(name.encode()).digest(size)
