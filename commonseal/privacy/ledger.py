"""Keep the privacy budget on disk: who was granted what of which dataset, and what was spent.

A file of JSON lines, each holding the SHA-256 of the line before it:

    {"kind":"grant","dataset":"visits","recipient":"institute","epsilon":"2",...}
    {"kind":"spend","entry":1,"epsilon":"0.5","query":"<sha256>",...}      before the data are read
    {"kind":"answer","entry":1,"answer":{...},...}                         before anybody sees it
    {"kind":"refusal","epsilon":"3","left":"1.5",...}

What holds:
- a spend is on disk (fsync) before the data are touched, an answer before it is given back. A process that dies
  in between leaves a budget spent without an answer, never an answer without its price;
- one writer at a time (an operating-system lock on `<file>.lock`): two processes never spend the same
  budget;
- what was spent is added exactly, as decimal numbers;
- a torn last line is one that nobody was answered from: it is cut off by the next writer. A line that
  does not follow from the one before it is a fault, and nothing is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from commonseal.errors import BadInput
from commonseal.model import Text
from commonseal.privacy.book import Book, append_line, hold_book, read_book, repaired_book
from commonseal.privacy.query import exact


@dataclass(frozen=True, slots=True)
class Account:
    """What one recipient was granted of one dataset, and what is spent of it."""

    dataset: str
    recipient: str
    granted: Fraction
    spent: Fraction
    questions: int  # that were paid for

    @property
    def left(self) -> Fraction:
        """What may still be spent."""
        return self.granted - self.spent


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question that the budget does not pay for; it was not answered and nothing was spent."""

    account: Account
    asked: Fraction


@dataclass(frozen=True, slots=True)
class Spent:
    """A price that is on disk: the entry that the answer belongs to."""

    entry: int
    account: Account  # after the spending


@dataclass(frozen=True, slots=True)
class Ledger:
    """The budget of every dataset and recipient, in one file."""

    path: Path

    def grant(self, dataset: str, recipient: str, epsilon: Fraction, *, on: date) -> Account:
        """Set what a recipient may spend on a dataset in all; a later grant replaces an earlier one.

        Raises: BadInput where less is granted than is spent already, or the names are empty.
        """
        for name, value in (("dataset", dataset), ("recipient", recipient)):
            if not value.strip():
                raise BadInput(Text(en=f"{name}: is empty; name it", zh=f"{name}：为空；请写明"))
        with hold_book(self.path):
            book = repaired_book(self.path)
            spent = _account(book.lines, dataset, recipient).spent
            if epsilon < spent:
                raise BadInput(
                    Text(
                        en=f"{self.path}: {decimal_text(spent)} is spent already; cannot grant "
                        f"{decimal_text(epsilon)} in all: what was told cannot be taken back",
                        zh=f"{self.path}：已用 {decimal_text(spent)}，总额不能设为 {decimal_text(epsilon)}："
                        "已作的回答无法收回",
                    )
                )
            book = append_line(
                self.path, book, _line("grant", dataset, recipient, on, epsilon=decimal_text(epsilon))
            )
            return _account(book.lines, dataset, recipient)

    def spend(
        self, dataset: str, recipient: str, epsilon: Fraction, *, query: str, on: date
    ) -> Spent | Refusal:
        """Take a price out of a budget, durably, or refuse.

        Args: query: SHA-256 of the question, in hex.
        Returns: what was spent, or a refusal, which is recorded too. After either, the sum of all that
            was spent by this recipient on this dataset is at most what was granted.
        """
        self._require()
        with hold_book(self.path):
            book = repaired_book(self.path)
            account = _account(book.lines, dataset, recipient)
            price = {"epsilon": decimal_text(epsilon), "query": query}
            if epsilon > account.left:
                left = decimal_text(account.left)
                append_line(self.path, book, _line("refusal", dataset, recipient, on, left=left, **price))
                return Refusal(account, epsilon)
            entry = 1 + sum(line["kind"] == "spend" for line in book.lines)
            book = append_line(self.path, book, _line("spend", dataset, recipient, on, entry=entry, **price))
            return Spent(entry, _account(book.lines, dataset, recipient))

    def record(self, spent: Spent, answer: Mapping[str, Any], *, on: date) -> None:
        """Write an answer, durably, so that it can be given back."""
        with hold_book(self.path):
            book, account = repaired_book(self.path), spent.account
            append_line(
                self.path,
                book,
                _line("answer", account.dataset, account.recipient, on, entry=spent.entry, answer=answer),
            )

    def accounts(self) -> tuple[Account, ...]:
        """Return every account, in the order of dataset and recipient. Raises: BadInput."""
        lines = self._opened().lines
        pairs = sorted({(line["dataset"], line["recipient"]) for line in lines})
        return tuple(_account(lines, *pair) for pair in pairs)

    def answers(self) -> tuple[Mapping[str, Any], ...]:
        """Return every recorded answer: `dataset`, `recipient`, `entry`, `on`, `answer`; oldest first."""
        return tuple(line for line in self._opened().lines if line["kind"] == "answer")

    def head(self) -> str:
        """Return the hash of the last line: who keeps it elsewhere can tell whether lines were taken off."""
        return self._opened().head

    def _opened(self) -> Book:
        self._require()
        return read_book(self.path)

    def _require(self) -> None:
        if not self.path.is_file():
            raise BadInput(
                Text(
                    en=f"{self.path}: no such ledger; grant a budget first: commonseal privacy grant",
                    zh=f"{self.path}：没有这个预算账本；请先授予预算：commonseal privacy grant",
                )
            )


def decimal_text(number: Fraction) -> str:
    """Write an exact decimal number without loss or exponent.

    >>> decimal_text(Fraction(1, 8))
    '0.125'
    """
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _line(kind: str, dataset: str, recipient: str, on: date, **more: object) -> dict[str, Any]:
    return {"kind": kind, "dataset": dataset, "recipient": recipient, "on": on.isoformat(), **more}


def _account(lines: list[Mapping[str, Any]], dataset: str, recipient: str) -> Account:
    mine = [line for line in lines if (line["dataset"], line["recipient"]) == (dataset, recipient)]
    granted = [exact(line["epsilon"]) for line in mine if line["kind"] == "grant"]
    spent = [exact(line["epsilon"]) for line in mine if line["kind"] == "spend"]
    return Account(
        dataset, recipient, granted[-1] if granted else Fraction(0), sum(spent, Fraction(0)), len(spent)
    )
