"""Write policies as a file, and read the file back before anybody gets it."""

from __future__ import annotations

import json
import warnings
from typing import Literal

from rdflib import Graph

from commonseal.errors import BadPack
from commonseal.law.odrl.check import check_policies
from commonseal.model import Text

Form = Literal["json-ld", "turtle"]


def written(graph: Graph, form: Form) -> bytes:
    """Return policies as a file, which was read back and found the same size and sound.

    Raises: BadPack: with every fault found.
    """
    content = _written(graph, form)
    again = read_back(content, form)
    _, faults = check_policies(again)
    if len(again) != len(graph):
        what = f"{len(graph)} statements written, {len(again)} read back"
        faults.append(Text(en=what, zh=f"写出 {len(graph)} 条陈述，读回 {len(again)} 条"))
    if faults:
        raise BadPack(Text(en="\n".join(f.en for f in faults), zh="\n".join(f.zh for f in faults)))
    return content


def read_back(content: bytes, form: Form) -> Graph:
    """Return the graph of a file. Nothing is fetched: the file's terms stand in it."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # RDFLib's JSON-LD uses a class that it deprecates itself
        return Graph().parse(data=content, format=form)


def _written(graph: Graph, form: Form) -> bytes:
    if form == "turtle":
        return graph.serialize(format="turtle", encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # as above
        document = json.loads(graph.serialize(format="json-ld", auto_compact=True))
    document["@graph"].sort(key=lambda node: str(node.get("@id")))
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
