"""Hand out the phones: one device for every mobile number."""

from __future__ import annotations

import polars as pl

from commonseal.city.draw import Ints, Stream, block_stream, distinct, stream, weighted
from commonseal.city.identifiers import column, imeis, macs
from commonseal.city.names import pick
from commonseal.city.organisations import numbered
from commonseal.city.people import People
from commonseal.city.residents import person_ids, phone_of

_SYSTEMS = ("Android", "HarmonyOS", "iOS")


def device_numbers(seed: int, count: int) -> tuple[Ints, Ints]:
    """Draw the numbers behind the IMEIs and the MACs of `count` devices, no two alike."""
    rng = stream(seed, Stream.DEVICES)
    return distinct(rng, count, 10**10), distinct(rng, count, 16**11)


def devices(seed: int, people: People, owners: Ints, drawn: tuple[Ints, Ints], rows: Ints) -> pl.DataFrame:
    """Write the devices at `rows`, one row each; `owners`: the people who have a mobile."""
    rng = block_stream(seed, Stream.DEVICES, rows)
    imei, mac = drawn
    return pl.DataFrame(
        {
            "device_id": numbered("WD", rows, 8),
            "person_id": person_ids(owners[rows]),
            "phone": phone_of(people, owners[rows]),
            "imei": column(imeis(imei[rows])),
            "mac": column(macs(mac[rows])),
            "system": pick(_SYSTEMS, weighted(rng, (55, 25, 20), len(rows))),
        }
    )
