# SPDX-License-Identifier: Apache-2.0
"""The stand-in for makers' signatures: the virtual phones check exactly this (docs/format/phone.md)."""

import hashlib

SIGNATURE_SIZE = 0x100


def sign(data: bytes, key: str) -> bytes:
    """The slot after the data: the signature where the phone has a key, otherwise empty."""
    signature = hashlib.sha256(key.encode() + data).digest() if key else b""
    return signature.ljust(SIGNATURE_SIZE, b"\0")
