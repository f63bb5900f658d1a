"""Attack a released table as somebody with another table would, and score what he claims.

    release, auxiliary -> labels read -> linked -> claims -> settled by the truth -> Attack
                                            \\-> values learned, membership

What holds: the truth is never linked by; only people whom the attacker may know can be re-identified;
chance comes from a seed; no cell of a table stands in a result or a message.
"""

from commonseal.judge.attack.confidence import Rate
from commonseal.judge.attack.known import TRUTH, half_known, with_truth
from commonseal.judge.attack.result import Attack, Learned, attack_json
from commonseal.judge.attack.run import attack

__all__ = ["TRUTH", "Attack", "Learned", "Rate", "attack", "attack_json", "half_known", "with_truth"]
