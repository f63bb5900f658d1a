"""Read a tree out of its tiles and trust none of them: each is checked against the root before use.

The partial tiles on the right edge fold into the root; a full tile's own root stands in the tile
above it. So a bit turned in any file is found by whoever reads that file, and the file is named.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from commonseal.errors import LogFault, ProofFailed
from commonseal.log import merkle
from commonseal.log.tiles import (
    MAX_BUNDLE,
    WIDTH,
    edge_tiles,
    split_bundle,
    split_tile,
    tile_path,
    tile_width,
)
from commonseal.model import Text

Read = Callable[[str, int], bytes]
"""(path, limit) -> the file's bytes, at most `limit`; raises FileNotFoundError, LogFault."""

_KEPT_TILES = 512  # a tile with the rows above it takes about 40 kB


class TileTree:
    """The tree of one checkpoint: `size` leaves under `root`, read through `read`.

    Invariants:
    - every hash that leaves here was folded into `root`;
    - a file that does not fold is named, and never used.
    """

    def __init__(self, read: Read, size: int, root: bytes | None = None) -> None:
        """Open the tree. `root` None: take the root that the tiles make (for tiles just made).

        Raises: LogFault for a missing or cut file, ProofFailed for one that does not match.
        """
        self.size = size
        self._read = read
        self._edge = {
            (level, index): merkle.pyramid(self._hashes(level, index)) for level, index, _ in edge_tiles(size)
        }
        self._full: OrderedDict[tuple[int, int], list[list[bytes]]] = OrderedDict()
        self.root = merkle.range_hash(self.node, 0, size)
        if root is not None and root != self.root:
            self._blame(root)

    def node(self, height: int, index: int) -> bytes:
        """Return the hash of the complete subtree of 2**height leaves at index * 2**height."""
        level, row = divmod(height, 8)
        tile, place = divmod(index, WIDTH >> row)
        return self._rows(level, tile)[row][place]

    def edge(self) -> dict[int, list[bytes]]:
        """Return for each level the hashes of its partial tile, where it has one."""
        return {level: rows[0] for (level, _), rows in self._edge.items()}

    def root_at(self, size: int) -> bytes:
        """Return the root of the older tree of `size` leaves."""
        return merkle.range_hash(self.node, 0, size)

    def bundle(self, index: int) -> list[bytes]:
        """Return the entries of one bundle, each checked. Raises: LogFault, ProofFailed."""
        width = tile_width(0, index, self.size)
        path, data, found = self._file("entries", index, width, MAX_BUNDLE)
        entries = split_bundle(data, found, path)[:width]
        expected = self._rows(0, index)[0]
        for place, entry in enumerate(entries):
            if merkle.leaf_hash(entry) != expected[place]:
                raise _altered(path, f"entry {index * WIDTH + place} is not the one that was logged")
        return entries

    def _rows(self, level: int, index: int) -> list[list[bytes]]:
        if rows := self._edge.get((level, index)):
            return rows
        if rows := self._full.get((level, index)):
            self._full.move_to_end((level, index))
            return rows
        rows = merkle.pyramid(self._hashes(level, index))
        if rows[8][0] != self.node(8 * (level + 1), index):
            raise _altered(tile_path(level, index), "its hashes do not fold into the tile above it")
        self._full[level, index] = rows
        if len(self._full) > _KEPT_TILES:
            self._full.popitem(last=False)
        return rows

    def _hashes(self, level: int, index: int) -> list[bytes]:
        width = tile_width(level, index, self.size)
        path, data, found = self._file(level, index, width, WIDTH * merkle.HASH_SIZE)
        if len(data) != found * merkle.HASH_SIZE:
            expected = found * merkle.HASH_SIZE
            en = f"{path}: got {len(data)} bytes, expected {expected}; restore it from a copy"
            raise LogFault(Text(en=en, zh=f"{path}：有 {len(data)} 字节，应为 {expected}；请用副本恢复"))
        return split_tile(data)[:width]

    def _file(self, level: int | str, index: int, width: int, limit: int) -> tuple[str, bytes, int]:
        """Read a tile or bundle; return its path, bytes and width.

        The partial file may be gone once the full one is there: then the full one serves.
        """
        for found in dict.fromkeys((width, WIDTH)):
            path = tile_path(level, index, found)
            try:
                return path, self._read(path, limit), found
            except FileNotFoundError:
                continue
        path = tile_path(level, index, width)
        en = f"{path}: missing, though the checkpoint of {self.size} entries needs it; restore it"
        raise LogFault(Text(en=en, zh=f"{path}：缺失，而 {self.size} 个条目的检查点需要它；请用副本恢复"))

    def _blame(self, root: bytes) -> None:
        """Find which file of the right edge disagrees with those beneath it, and name it."""
        for (level, index), rows in self._edge.items():
            for place, got in enumerate(rows[0]):
                below = index * WIDTH + place
                if got != (self._leaf(below) if level == 0 else self._fold(level - 1, below)):
                    path = tile_path(level, index, len(rows[0]))
                    raise _altered(path, f"hash {place} is not that of the files beneath it")
        got_hex, hex_ = self.root.hex(), root.hex()
        en = f"checkpoint: root {hex_}, but its {self.size} entries make {got_hex}"
        raise ProofFailed(Text(en=en, zh=f"检查点的根为 {hex_}，而其 {self.size} 个条目得出 {got_hex}"))

    def _leaf(self, index: int) -> bytes:
        bundle, place = divmod(index, WIDTH)
        path, data, found = self._file("entries", bundle, tile_width(0, bundle, self.size), MAX_BUNDLE)
        return merkle.leaf_hash(split_bundle(data, found, path)[place])

    def _fold(self, level: int, index: int) -> bytes:
        return merkle.root_of(self._hashes(level, index))


def _altered(path: str, why: str) -> ProofFailed:
    return ProofFailed(
        Text(
            en=f"{path}: altered: {why}; restore it from a copy and find out who wrote to it",
            zh=f"{path}：内容被改动，与检查点不符；请用副本恢复并查明何人写入",
        )
    )
