"""Lay a tree out as tiles and entry bundles: names, sizes and bytes, no reading or writing.

Source: c2sp.org/tlog-tiles. A tile holds up to 256 hashes side by side; those of level L are of
complete subtrees of 256**L leaves. A tree of 70,000 entries is the full tiles tile/0/000 to tile/0/272
and tile/1/000, and the partial ones tile/0/273.p/112, tile/1/001.p/17 and tile/2/000.p/1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from commonseal.errors import BadInput, LogFault
from commonseal.log.merkle import HASH_SIZE, root_of
from commonseal.model import Text

WIDTH = 256
MAX_ENTRY = 65_535
MAX_BUNDLE = WIDTH * (2 + MAX_ENTRY)


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Return where a tile (or, of level "entries", a bundle) is served.

    >>> tile_path(0, 1234067)
    'tile/0/x001/x234/067'
    >>> tile_path("entries", 273, 112)
    'tile/entries/273.p/112'
    """
    digits = f"{index:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    name = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"tile/{level}/{name}" + (f".p/{width}" if width < WIDTH else "")


def tile_width(level: int, index: int, size: int) -> int:
    """Return how many hashes the tile holds in the tree of `size` leaves: 0 to 256."""
    return min(max((size >> 8 * level) - index * WIDTH, 0), WIDTH)


def edge_tiles(size: int) -> Iterator[tuple[int, int, int]]:
    """Yield (level, index, width) of every partial tile of the tree, lowest first.

    >>> list(edge_tiles(70_000))
    [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    """
    level = 0
    while size >> 8 * level:
        index, width = divmod(size >> 8 * level, WIDTH)
        if width:
            yield level, index, width
        level += 1


def grow(edge: Mapping[int, Sequence[bytes]], size: int, leaves: Sequence[bytes]) -> dict[str, bytes]:
    """Return the tiles that adding `leaves` (hashes) to a tree of `size` makes anew, by path.

    Args: edge: for each level, the hashes of its partial tile; none where it has no such tile.
    """
    made: dict[str, bytes] = {}
    level, fresh = 0, list(leaves)
    while fresh:
        row = [*edge.get(level, ()), *fresh]
        first = (size >> 8 * level) // WIDTH
        chunks = [row[i : i + WIDTH] for i in range(0, len(row), WIDTH)]
        for offset, chunk in enumerate(chunks):
            made[tile_path(level, first + offset, len(chunk))] = b"".join(chunk)
        fresh = [root_of(chunk) for chunk in chunks if len(chunk) == WIDTH]
        level += 1
    return made


def split_tile(data: bytes) -> list[bytes]:
    """Return the hashes of a tile."""
    return [data[i : i + HASH_SIZE] for i in range(0, len(data), HASH_SIZE)]


def join_bundle(entries: Sequence[bytes]) -> bytes:
    """Return a bundle: each entry after its length, two bytes, big-endian."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def split_bundle(data: bytes, width: int, path: str) -> list[bytes]:
    """Return the entries of a bundle of `width`. Raises: LogFault naming the file."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data):
            break
        entries.append(data[at + 2 : end])
        at = end
    if at != len(data) or len(entries) != width:
        en = f"{path}: got {len(entries)} whole entries in {len(data)} bytes, expected {width}; restore it"
        raise LogFault(
            Text(en=en, zh=f"{path}：仅有 {len(entries)} 个完整条目，应有 {width} 个；请用副本恢复")
        )
    return entries


def check_entries(entries: Sequence[bytes]) -> None:
    """Refuse an entry that a bundle cannot hold. Raises: BadInput with its position."""
    for position, entry in enumerate(entries):
        if len(entry) > MAX_ENTRY:
            en = f"entry {position}: got {len(entry)} bytes, expected at most {MAX_ENTRY}; append its hash"
            raise BadInput(
                Text(en=en, zh=f"第 {position} 个条目有 {len(entry)} 字节，至多 {MAX_ENTRY}；请存其哈希")
            )
