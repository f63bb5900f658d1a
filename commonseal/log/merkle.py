"""Build and verify Merkle proofs: pure functions over SHA-256 hashes.

Sources: RFC 6962, section 2.1 (the tree, inclusion, consistency); c2sp.org/merkle-tree;
draft-ietf-plants-merkle-tree-certs, section 4 (subtrees).

One idea carries all four proofs: a *subtree* [start, end) is proved to lie in the tree [0, size) by
the siblings met on the way down to it. Inclusion of an entry is the subtree [i, i+1); consistency of
an older tree is the subtree [0, old). So there is one walk, read downwards to build and upwards to
verify.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from commonseal.errors import ProofFailed
from commonseal.model import Text

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Node = Callable[[int, int], bytes]
"""(height, index) -> hash of the complete subtree of 2**height leaves that begins at index * 2**height."""


class Side(Enum):
    """Where a step's sibling stands to the subtree that is proved."""

    LEFT = "left"
    RIGHT = "right"
    WITHIN = "within"  # the left sibling is itself part of the subtree


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry, SHA-256(0x00 || entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbours, SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def pyramid(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Return the rows of complete nodes over `leaves`: row r holds len(leaves) >> r hashes."""
    rows = [list(leaves)]
    while len(rows[-1]) > 1:
        row = rows[-1]
        rows.append([node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)])
    return rows


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes (RFC 6962 MTH); of none, the hash of nothing."""
    rows = pyramid(leaves)
    return range_hash(lambda height, index: rows[height][index], 0, len(leaves))


def range_hash(node: Node, start: int, end: int) -> bytes:
    """Return the hash of the subtree [start, end), which must be valid, from complete nodes."""
    if start == end:
        return EMPTY_ROOT
    count = end - start
    if count & (count - 1) == 0:
        height = count.bit_length() - 1
        return node(height, start >> height)
    middle = start + _split(count)
    return node_hash(range_hash(node, start, middle), range_hash(node, middle, end))


def is_subtree(start: int, end: int) -> bool:
    """Return whether [start, end) can be a subtree: start is a multiple of its width, rounded up to 2**n."""
    return 0 <= start <= end and (start == end or start % (1 << (end - start - 1).bit_length()) == 0)


def subtree_proof(node: Node, start: int, end: int, size: int) -> tuple[bytes, ...]:
    """Prove that the valid subtree [start, end), not empty, lies in the tree of `size` leaves."""
    steps, (low, high), whole = _descend(start, end, size)
    bottom = () if whole else (range_hash(node, low, high),)
    return bottom + tuple(range_hash(node, step.low, step.high) for step in reversed(steps))


def inclusion_proof(node: Node, index: int, size: int) -> tuple[bytes, ...]:
    """Prove that leaf `index` is in the tree of `size` leaves; siblings from the leaf up."""
    return subtree_proof(node, index, index + 1, size)


def inclusion_proofs(node: Node, indexes: Iterable[int], size: int) -> Iterator[tuple[bytes, ...]]:
    """Prove many leaves of one tree; the hashes they share are made once."""
    known: dict[tuple[int, int], bytes] = {}
    for index in indexes:
        proof: list[bytes] = []
        for step in reversed(_descend(index, index + 1, size)[0]):
            span = (step.low, step.high)
            if span not in known:
                known[span] = range_hash(node, *span)
            proof.append(known[span])
        yield tuple(proof)


def consistency_proof(node: Node, old: int, new: int) -> tuple[bytes, ...]:
    """Prove that the tree of `old` leaves is a prefix of that of `new`; empty where old is 0 or new."""
    return subtree_proof(node, 0, old, new) if old else ()


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf hash stands at `index` under `root`. Raises: ProofFailed."""
    verify_subtree_inclusion(leaf, index, 0, size, proof, root)


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that `old_root` is of a prefix of the tree of `new_root`; old >= 1. Raises: ProofFailed."""
    if old == 0:
        raise _failed("nothing to prove from the empty tree", "空树无可证明")
    verify_subtree_consistency(0, old, new, proof, old_root, new_root)


def verify_subtree_inclusion(
    leaf: bytes, index: int, start: int, end: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that the leaf hash stands at `index` of the subtree [start, end). Raises: ProofFailed."""
    if not is_subtree(start, end):
        raise _failed(f"[{start}, {end}) is not a subtree", f"[{start}, {end}) 不是子树")
    if not start <= index < end:
        raise _failed(f"index {index} is not in [{start}, {end})", f"序号 {index} 不在 [{start}, {end}) 内")
    if len(leaf) != HASH_SIZE:
        raise _failed(f"the leaf hash is not {HASH_SIZE} bytes", f"叶哈希不是 {HASH_SIZE} 字节")
    _, got = _ascend(index - start, index - start + 1, end - start, leaf, proof)
    _compare("root", got, root)


def verify_subtree_consistency(
    start: int, end: int, size: int, proof: Sequence[bytes], subtree_root: bytes, root: bytes
) -> None:
    """Check that the subtree [start, end) lies in the tree of `size`; an empty one lies in any.

    Raises: ProofFailed.
    """
    if not is_subtree(start, end) or end > size:
        en = f"[{start}, {end}) is not a subtree of {size} leaves"
        raise _failed(en, f"[{start}, {end}) 不是 {size} 叶之树的子树")
    if start == end:
        _expect_length(proof, 0)
        _compare("subtree root", EMPTY_ROOT, subtree_root)
        return
    got_subtree, got = _ascend(start, end, size, subtree_root, proof)
    _compare("subtree root", got_subtree, subtree_root)
    _compare("root", got, root)


@dataclass(frozen=True, slots=True)
class _Step:
    """One turn on the way down: the sibling's range, and the side it stands on."""

    side: Side
    low: int
    high: int


def _descend(start: int, end: int, size: int) -> tuple[list[_Step], tuple[int, int], bool]:
    """Walk from the root to the subtree.

    Returns: the steps, topmost first; the range reached; whether that is the whole subtree (else its
    remaining right part, whose hash the verifier does not know and the proof must give).
    """
    low, high, whole = 0, size, True
    steps: list[_Step] = []
    while (start, end) != (low, high):
        middle = low + _split(high - low)
        if end <= middle:
            steps.append(_Step(Side.RIGHT, middle, high))
            high = middle
        elif start >= middle:
            steps.append(_Step(Side.LEFT, low, middle))
            low = middle
        else:
            steps.append(_Step(Side.WITHIN, low, middle))
            start = low = middle
            whole = False
    return steps, (low, high), whole


def _ascend(start: int, end: int, size: int, known: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Climb from the subtree to the root; return both hashes as the proof makes them."""
    steps, _, whole = _descend(start, end, size)
    _expect_length(proof, len(steps) + (not whole))
    if any(len(sibling) != HASH_SIZE for sibling in proof):
        raise _failed(f"a hash is not {HASH_SIZE} bytes", f"有哈希不是 {HASH_SIZE} 字节")
    subtree = tree = known if whole else proof[0]
    for step, sibling in zip(reversed(steps), proof[len(proof) - len(steps) :], strict=True):
        pair = (tree, sibling) if step.side is Side.RIGHT else (sibling, tree)
        tree = node_hash(*pair)
        if step.side is Side.WITHIN:
            subtree = node_hash(sibling, subtree)
    return subtree, tree


def _split(count: int) -> int:
    """Return the largest power of two smaller than `count`, which is 2 or more."""
    return 1 << ((count - 1).bit_length() - 1)


def _expect_length(proof: Sequence[bytes], expected: int) -> None:
    if len(proof) != expected:
        raise _failed(
            f"got {len(proof)} hashes, expected {expected}", f"有 {len(proof)} 个哈希，应有 {expected}"
        )


def _compare(what: str, got: bytes, expected: bytes) -> None:
    if got != expected:
        en = f"the {what} does not match: got {got.hex()}, expected {expected.hex()}"
        raise _failed(en, f"根不符：得到 {got.hex()}，应为 {expected.hex()}")


def _failed(en: str, zh: str) -> ProofFailed:
    return ProofFailed(Text(en=f"merkle proof: {en}", zh=f"默克尔证明：{zh}"))
