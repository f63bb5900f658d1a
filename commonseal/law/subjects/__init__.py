"""The subjects that a lawbook speaks of, one module each; a fact is declared in one line.

A fact is about the case: who, what kind, how many, since when. What the law makes of it (lawful, compliant)
is for rules to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from commonseal.law.fact import FactType
from commonseal.law.subjects.agreement import AGREEMENT
from commonseal.law.subjects.collection import COLLECTION
from commonseal.law.subjects.column import COLUMN
from commonseal.law.subjects.credit_entry import CREDIT_ENTRY
from commonseal.law.subjects.dataset import DATASET
from commonseal.law.subjects.device_application import DEVICE_APPLICATION
from commonseal.law.subjects.incident import INCIDENT
from commonseal.law.subjects.inspection import INSPECTION
from commonseal.law.subjects.release import RELEASE
from commonseal.law.subjects.share_request import SHARE_REQUEST

FACTS: Mapping[str, Mapping[str, FactType]] = MappingProxyType(
    {
        "agreement": AGREEMENT,
        "column": COLUMN,
        "release": RELEASE,
        "device_application": DEVICE_APPLICATION,
        "collection": COLLECTION,
        "dataset": DATASET,
        "share_request": SHARE_REQUEST,
        "incident": INCIDENT,
        "inspection": INSPECTION,
        "credit_entry": CREDIT_ENTRY,
    }
)
