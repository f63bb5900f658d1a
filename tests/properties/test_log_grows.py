"""Properties: the log only grows, and every proof between any two of its states verifies."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonseal.errors import ProofFailed
from commonseal.log import create_log, merkle, open_log, read_log, verify_receipt
from commonseal.log.disk import Disk

batches = st.lists(st.lists(st.binary(max_size=40), min_size=1, max_size=300), min_size=1, max_size=4)


class Quick(Disk):
    def sync(self, descriptor: int) -> None: ...

    def sync_folder(self, folder: Path) -> None: ...


@settings(max_examples=25, deadline=None)
@given(batches=batches, pick=st.data())
def test_the_log_only_grows_and_every_proof_verifies(batches: list[list[bytes]], pick: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "log"
        vkey = create_log(folder, origin="city.example/log", seed=bytes(32), disk=Quick())
        states = []
        for batch in batches:
            with open_log(folder, disk=Quick()) as log:
                receipts = log.append(batch, at=1)
                states.append((log.size, log.root))
            place = pick.draw(st.integers(0, len(batch) - 1))
            verify_receipt(receipts[place], batch[place], vkey=vkey)
        logged = [entry for batch in batches for entry in batch]
        reader = read_log(folder)
        assert reader.verify() == len(logged)
        leaves = [merkle.leaf_hash(entry) for entry in logged]
        for position, (old, old_root) in enumerate(states):
            assert old_root == merkle.root_of(leaves[:old])
            for new, new_root in states[position:]:
                merkle.verify_consistency(old, new, reader.consistency_proof(old, new), old_root, new_root)
        index = pick.draw(st.integers(0, len(logged) - 1))
        size = pick.draw(st.integers(index + 1, len(logged)))
        proof = reader.inclusion_proof(index, size)
        merkle.verify_inclusion(leaves[index], index, size, proof, reader.root_at(size))


@given(size=st.integers(1, 70), data=st.data())
def test_every_subtree_proof_that_is_built_verifies_and_no_bent_one_does(
    size: int, data: st.DataObject
) -> None:
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(size)]
    rows = merkle.pyramid(leaves)

    def node(height: int, index: int) -> bytes:
        return rows[height][index]

    start, end = data.draw(
        st.sampled_from(
            [(a, b) for a in range(size) for b in range(a + 1, size + 1) if merkle.is_subtree(a, b)]
        )
    )
    subtree, root = merkle.range_hash(node, start, end), merkle.root_of(leaves)
    proof = merkle.subtree_proof(node, start, end, size)
    merkle.verify_subtree_consistency(start, end, size, proof, subtree, root)
    index = data.draw(st.integers(start, end - 1))
    within = merkle.inclusion_proof(lambda h, i: node(h, i + (start >> h)), index - start, end - start)
    merkle.verify_subtree_inclusion(leaves[index], index, start, end, within, subtree)
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        bent = [*proof]
        bent[place] = bytes([bent[place][0] ^ 1]) + bent[place][1:]
        with pytest.raises(ProofFailed):
            merkle.verify_subtree_consistency(start, end, size, bent, subtree, root)
