"""Measure classification: rows a second and columns named rightly, against presidio-analyzer.

    python benchmarks/classify_presidio.py [--rows 100000] [--peer-rows 1000] [--seed 7]

Both look at the same synthetic table of twenty-two columns, in one run, on one machine. Presidio runs
with its predefined pattern recognizers for English and no language model (NoOpNlpEngine), fed by its own
BatchAnalyzerEngine with the column's name as context. Its cells become a column's verdict thus: each
cell votes for its best-scored entity, and the entity with the most votes names the column if at least
half of the cells voted for it. Its time grows with the rows, so it is timed on the first `--peer-rows`.
Commonseal is timed twice: on those same rows, and on all of them, every row looked at.

Presidio ships nothing for identifiers of China: accuracy is given over all columns and over those
columns that it has a recognizer for.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping

import polars as pl
import tldextract
from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from commonseal.classify import classify

Maker = Callable[[random.Random], str]
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴徐孙", "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明"


def main() -> None:
    """Print the two tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--peer-rows", type=int, default=1_000)
    options.add_argument("--seed", type=int, default=7)
    given = options.parse_args()
    table = make_table(given.rows, random.Random(given.seed))
    few = table.head(given.peer_rows)
    analyzer = make_presidio()
    presidio_verdicts(analyzer, few.head(5))  # warm up: patterns compile, suffix list loads
    classify(few.head(5))
    peer_seconds, peer = timed(lambda: presidio_verdicts(analyzer, few))
    few_seconds, _ = timed(lambda: ours(few))
    all_seconds, mine = timed(lambda: ours(table))
    report_columns(mine, peer)
    report_speed(
        ("presidio-analyzer", few.height, peer_seconds),
        ("commonseal, same rows", few.height, few_seconds),
        ("commonseal, all rows", table.height, all_seconds),
    )


def timed(work: Callable[[], dict[str, str]]) -> tuple[float, dict[str, str]]:
    """Return (seconds of wall clock, answer)."""
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def ours(table: pl.DataFrame) -> dict[str, str]:
    """Return column -> category."""
    return {column.name: column.category.id for column in classify(table)}


class NoLanguage(NlpEngine):
    """No model of a language: Presidio's patterns alone, as ours are."""

    def load(self) -> None:
        pass

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        return NlpArtifacts([], [], [], [], self, language)

    def process_batch(self, texts, language, **kwargs):
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:
        return False

    def is_punct(self, word: str, language: str) -> bool:
        return False

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return ["en"]


def make_presidio() -> BatchAnalyzerEngine:
    """Build Presidio's analyzer with predefined recognizers only."""
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    # Its e-mail recognizer would fetch the list of public suffixes; the copy in the package will do.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    engine = NoLanguage()
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=engine)
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"])
    return BatchAnalyzerEngine(analyzer_engine=analyzer)


def presidio_verdicts(engine: BatchAnalyzerEngine, table: pl.DataFrame) -> dict[str, str]:
    """Return column -> entity, by the rule that the module's first lines give."""
    verdicts = {}
    for name in table.columns:
        votes: Counter[str] = Counter()
        for found in engine.analyze_iterator(table[name].to_list(), language="en", context=[name]):
            if found:
                votes[max(found, key=lambda hit: hit.score).entity_type] += 1
        entity, count = votes.most_common(1)[0] if votes else ("", 0)
        verdicts[name] = entity if count * 2 >= table.height else ""
    return verdicts


def report_columns(mine: Mapping[str, str], peer: Mapping[str, str]) -> None:
    """Print each column with both verdicts, then both accuracies."""
    print(f"{'column':22}{'commonseal':28}{'presidio':24}{'expected of presidio':22}")
    for name, (expected, entity, _) in COLUMNS.items():
        ok, peer_ok = mine[name] == expected, bool(entity) and peer[name] == entity
        verdict = f"{mine[name]} {'ok' if ok else 'WRONG'}"
        peer_verdict = f"{peer[name] or '-'} {'ok' if peer_ok else ('WRONG' if peer[name] else '')}"
        print(f"{name:22}{verdict:28}{peer_verdict:24}{entity or '(none)':22}")
    known = [name for name, (_, entity, _) in COLUMNS.items() if entity]
    right = [name for name, (expected, _, _) in COLUMNS.items() if mine[name] == expected]
    peer_right = [name for name in known if peer[name] == COLUMNS[name][1]]
    print(f"\naccuracy, all {len(COLUMNS)} columns: commonseal {len(right)}, presidio {len(peer_right)}")
    both = len(set(right) & set(known))
    print(f"accuracy, {len(known)} columns presidio knows: commonseal {both}, presidio {len(peer_right)}\n")


def report_speed(*runs: tuple[str, int, float]) -> None:
    """Print rows a second, and the ratio to the first run."""
    base = runs[0][1] / runs[0][2]
    print(f"{'':26}{'rows':>10}{'seconds':>10}{'rows/s':>12}{'ratio':>9}")
    for name, rows, seconds in runs:
        print(f"{name:26}{rows:>10,}{seconds:>10.2f}{rows / seconds:>12,.0f}{rows / seconds / base:>8.0f}x")


def make_table(rows: int, r: random.Random) -> pl.DataFrame:
    """Make the table; every value is synthetic."""
    return pl.DataFrame({name: [make(r) for _ in range(rows)] for name, (_, _, make) in COLUMNS.items()})


def _digits(r: random.Random, count: int) -> str:
    return f"{r.randrange(10**count):0{count}d}"


def _luhn(body: str) -> str:
    doubled = [int(c) * (2 - i % 2) for i, c in enumerate(reversed(body))]
    return body + str(-sum(n - 9 * (n > 9) for n in doubled) % 10)


def _resident(r: random.Random) -> str:
    day = f"{r.randrange(1940, 2008)}{r.randrange(1, 13):02d}{r.randrange(1, 29):02d}"
    body = f"{r.choice(('322621', '322622', '110201'))}{day}{_digits(r, 3)}"
    return body + "10X98765432"[sum(int(c) * 2 ** (17 - i) for i, c in enumerate(body)) % 11]


def _credit_code(r: random.Random) -> str:
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "91322621" + "".join(r.choice(alphabet) for _ in range(9))
    return body + alphabet[-sum(alphabet.index(c) * pow(3, i, 31) for i, c in enumerate(body)) % 31]


def _iban(r: random.Random) -> str:
    body = "WEST" + _digits(r, 14)
    number = int("".join(str(int(c, 36)) for c in body + "GB00"))
    return f"GB{98 - number % 97:02d}{body}"


def _date(r: random.Random) -> str:
    return f"{r.randrange(2015, 2025)}-{r.randrange(1, 13):02d}-{r.randrange(1, 29):02d}"


def _ssn(r: random.Random) -> str:
    return f"{r.choice((219, 457, 530))}-{r.randrange(11, 98)}-{r.randrange(1000, 9999)}"


def _plate(r: random.Random) -> str:
    return "宁" + r.choice("WXY") + r.choice(_LETTERS) + _digits(r, 4)


def _address(r: random.Random) -> str:
    return f"望澜市东湖区{r.choice(('建设', '和平'))}路{r.randrange(1, 999)}号{r.randrange(1, 30)}栋"


def _mac(r: random.Random) -> str:
    return ":".join(f"{r.randrange(256):02X}" for _ in range(6))


def _us_phone(r: random.Random) -> str:
    return f"({r.choice((212, 415, 305))}) 555-01{_digits(r, 2)}"


# column -> (category, Presidio's entity for it or "", maker)
COLUMNS: dict[str, tuple[str, str, Maker]] = {
    "identity": ("resident_id", "", _resident),
    "mobile": ("mobile", "", lambda r: r.choice(("154", "164", "194")) + _digits(r, 8)),
    "card": ("bank_card", "CREDIT_CARD", lambda r: _luhn("4" + _digits(r, 14))),
    "unionpay": ("bank_card", "", lambda r: _luhn("62" + _digits(r, 16))),
    "credit_code": ("uscc", "", _credit_code),
    "name": ("person_name", "", lambda r: r.choice(_SURNAMES) + "".join(r.choices(_GIVEN, k=2))),
    "address": ("address", "", _address),
    "email": ("email", "EMAIL_ADDRESS", lambda r: f"u{_digits(r, 6)}@example.com"),
    "ip": ("ip_address", "IP_ADDRESS", lambda r: ".".join(str(r.randrange(1, 255)) for _ in range(4))),
    "mac": ("mac", "MAC_ADDRESS", _mac),
    "url": ("url", "URL", lambda r: f"https://www.example.com/p/{_digits(r, 5)}"),
    "iban": ("account", "IBAN_CODE", _iban),
    "ssn": ("social_security_no", "US_SSN", _ssn),
    "phone": ("landline", "PHONE_NUMBER", _us_phone),
    "visit_date": ("timestamp", "DATE_TIME", _date),
    "plate": ("plate", "", _plate),
    "passport": ("passport", "", lambda r: "E" + _digits(r, 8)),
    "imei": ("imei", "", lambda r: _luhn("0044" + _digits(r, 10))),
    "sex": ("sex", "", lambda r: r.choice("男女")),
    "age": ("age", "", lambda r: str(r.randrange(18, 90))),
    "load_kg": ("quantity", "", lambda r: f"{r.uniform(1, 900):.2f}"),
    "note": ("free_text", "", lambda r: f"今天来电咨询,回拨154{_digits(r, 8)}后已办结,无其他事项。"),
}


if __name__ == "__main__":
    main()
