"""The transparency log: what was released cannot be denied, changed or back-dated unseen.

entries -> tiles -> tree -> checkpoint -> witnesses -> receipt
opaque     256 to   folds   signed,       cosign what   checked offline
bytes      a file   to the  published     only grew     by anybody
                    root    durably
"""

from commonseal.log.checkpoint import Checkpoint
from commonseal.log.create import create_log
from commonseal.log.policy import WitnessPolicy, load_policy
from commonseal.log.reader import LogReader, read_log
from commonseal.log.receipt import Receipt, verify_receipt
from commonseal.log.store import Log, open_log
from commonseal.log.submit import Outage, WitnessAddress, addresses

__all__ = [
    "Checkpoint",
    "Log",
    "LogReader",
    "Outage",
    "Receipt",
    "WitnessAddress",
    "WitnessPolicy",
    "addresses",
    "create_log",
    "load_policy",
    "open_log",
    "read_log",
    "verify_receipt",
]
