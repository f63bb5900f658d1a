"""Faults, as a tree. A refusal by law is not here: it is a value, `model.Decision`.

CommonsealError
├── BadInput              what the user gave cannot be used            (exit 2)
│   ├── BadTable          a file, query or frame that is not a table
│   ├── ColumnMissing     a column that was named is not there
│   ├── BadHierarchy      a hierarchy misses a value or names it twice
│   ├── BadAgreement      an agreement that does not hold together
│   └── BadPack           a rule pack with faults, all of them listed
├── KeyFault              a key is missing, readable by others, or wrong (exit 2)
├── LogFault              the transparency log cannot be read or written (exit 2)
│   └── LogBusy           another writer holds the log
└── ProofFailed           a proof, signature or hash does not hold       (exit 4)

Every message is a `Text`: what, where, got, expected, what to do; never a cell's value.
"""

from __future__ import annotations

from commonseal.model import Text


class CommonsealError(Exception):
    """The base of every fault; `message` speaks both languages."""

    exit_code = 2

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message

    def __reduce__(self) -> tuple[type[CommonsealError], tuple[Text]]:
        """Keep both languages when a worker elsewhere hands the fault over."""
        return type(self), (self.message,)


class BadInput(CommonsealError):
    """What the user gave cannot be used."""


class BadTable(BadInput):
    """A file, query or frame that is not a table."""


class ColumnMissing(BadInput):
    """A column that was named is not in the table."""


class BadHierarchy(BadInput):
    """A hierarchy misses a value, names it twice, or is ragged."""


class BadAgreement(BadInput):
    """An agreement that does not hold together."""


class BadPack(BadInput):
    """A rule pack with faults; the message lists all of them, one a line."""


class KeyFault(CommonsealError):
    """A key is missing, readable by others, or of the wrong kind."""


class LogFault(CommonsealError):
    """The transparency log cannot be read or written; nothing leaves."""


class LogBusy(LogFault):
    """Another writer holds the log."""


class ProofFailed(CommonsealError):
    """A proof, signature or hash does not hold."""

    exit_code = 4
