"""The three questions of WP216: can a person be singled out, linked, inferred about?

Source: Article 29 Working Party, Opinion 05/2014 on Anonymisation Techniques, WP216, 2014-04-10. The
opinion gives the questions and no measure. The measures here are ours, each named in `Question.measure`;
an answer "no" says that this measure found nothing, never that nobody can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from commonseal.judge.models.counted import Counted
from commonseal.model import Text

Ints = NDArray[np.int64]
Answer = Literal["yes", "no", "not_judged"]
Still = Literal["yes", "no", "may_not"]
Name = Literal["singling_out", "linkability", "inference"]

TABLE_6: tuple[tuple[str, Still, Still, Still], ...] = (  # technique; singling out, linkability, inference
    ("pseudonymisation", "yes", "yes", "yes"),
    ("noise_addition", "yes", "may_not", "may_not"),
    ("substitution", "yes", "yes", "may_not"),
    ("aggregation_or_k_anonymity", "no", "yes", "yes"),
    ("l_diversity", "no", "yes", "may_not"),
    ("differential_privacy", "may_not", "may_not", "may_not"),
    ("hashing_or_tokenisation", "yes", "yes", "may_not"),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a question is answered with yes: where the share of persons is greater."""

    singling_out: float = 0.0
    linkability: float = 0.0
    inference: float = 0.0
    confidence: float = 0.9  # a value is inferred where it has at least this share of a class


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the share of persons it is true of, and the answer."""

    name: Name
    answer: Answer
    share: float | None
    threshold: float
    measure: Text
    means: Text  # what this answer says and what it does not
    column: str | None = None  # the column that is worst


SINGLING_OUT = Text(
    en="share of persons who are alone with their quasi-identifiers",
    zh="准标识符组合独一无二的人所占比例",
)
LINKABILITY = Text(
    en="share of persons for whom a second table with the same quasi-identifiers leaves one candidate; "
    "1 where a column stays that stands for a person",
    zh="凭另一张含相同准标识符的表只剩一个候选的人所占比例；若保留了代表个人的列则为 1",
)
INFERENCE = Text(
    en="share of persons whose sensitive value has at least the share `confidence` of their class, "
    "and has not so already of the whole table",
    zh="敏感值在其等价类中占比不低于 confidence（而在全表中未达到）的人所占比例",
)


_MEANS: dict[tuple[str, Answer], Text] = {
    ("singling_out", "yes"): Text(
        en="somebody who knows these columns of a person finds one row; he need not know the name",
        zh="知道某人这些列的取值的人可找到唯一一行，无需知道姓名",
    ),
    ("singling_out", "no"): Text(
        en="these columns alone single nobody out (or no more than the threshold); others may",
        zh="仅凭这些列识别不出个人（或不超过阈值）；凭其他列仍可能",
    ),
    ("linkability", "yes"): Text(
        en="a row can be tied to the same person's row elsewhere",
        zh="一行可与同一人在别处的一行相关联",
    ),
    ("linkability", "no"): Text(
        en="no row is tied to one person for sure; it is tied to a group, and a guess within the group is "
        "right for the average risk of the persons",
        zh="没有一行能确定地关联到一个人；但可关联到一个群体，在群体内猜中的比例为平均风险",
    ),
    ("inference", "yes"): Text(
        en="of these persons the sensitive value is as good as known to whoever knows their class, found or not",
        zh="只要知道这些人所在的等价类，无论是否找到其本人，敏感值几乎等于已知",
    ),
    ("inference", "no"): Text(
        en="no class betrays one value with this confidence; it may still rule values out or make one likelier",
        zh="没有等价类以此置信度泄露某个取值；但仍可能排除某些取值或使某个取值更可能",
    ),
    ("inference", "not_judged"): Text(en="no sensitive column was named", zh="未指明敏感字段"),
}


def three_questions(
    counted: Counted, sensitive: Sequence[str], *, keys: Sequence[str] = (), limits: Limits | None = None
) -> tuple[Question, Question, Question]:
    """Answer the three questions from a table's classes.

    Args:
        sensitive: columns that harm when they become known; none: inference is not judged.
        keys: columns that stay and stand for a person (a pseudonym): rows under one key are linked,
            here and in every other table under the same key.
    """
    given = limits or Limits()
    sizes = counted.sizes
    alone = int((sizes == 1).sum()) / int(sizes.sum())
    linked = 1.0 if keys else alone
    guessed = [(share_inferred(counted, column, given.confidence), column) for column in sensitive]
    worst, column = max(guessed, default=(None, None))
    return (
        _question("singling_out", alone, given.singling_out, SINGLING_OUT),
        _question("linkability", linked, given.linkability, LINKABILITY, keys[0] if keys else None),
        _question("inference", worst, given.inference, INFERENCE, column),
    )


def _question(
    name: Name, share: float | None, threshold: float, measure: Text, column: str | None = None
) -> Question:
    answer: Answer = "not_judged" if share is None else "yes" if share > threshold else "no"
    return Question(name, answer, share, threshold, measure, _MEANS[name, answer], column)


def share_inferred(counted: Counted, column: str, confidence: float) -> float:
    """Return the share of persons in classes that betray their most frequent value, in [0, 1].

    A value that already has the share `confidence` of the whole table is no secret that a class betrays.
    """
    spread = counted.spread(column)
    common = spread.whole >= confidence * spread.whole.sum()
    sure = (spread.count >= confidence * spread.totals[spread.of]) & ~common[spread.value]
    betrayed = np.unique(spread.of[sure])
    return float(counted.sizes[betrayed].sum() / counted.sizes.sum())
