"""Canonical JSON (RFC 8785): the same document is the same bytes everywhere; and its commitments."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import rfc8785


def canonical_json(document: object) -> bytes:
    """Return a document's canonical bytes. Raises: ValueError for what JSON cannot hold exactly.

    >>> canonical_json({"b": 1, "a": [True, None]})
    b'{"a":[true,null],"b":1}'
    """
    return bytes(rfc8785.dumps(document))  # type: ignore[arg-type]


def commitment(nonce: bytes, payload: bytes) -> bytes:
    """Return the log entry for a payload: HMAC-SHA-256 under its own 256-bit nonce, 32 bytes.

    Without the nonce nobody can tell what was committed to; once it is erased, nobody ever can.
    """
    if len(nonce) != 32:
        raise ValueError(f"nonce: got {len(nonce)} bytes, expected 32")
    return hmac.digest(nonce, payload, "sha256")


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
