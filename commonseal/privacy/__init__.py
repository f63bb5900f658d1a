"""Answer questions about people with differential privacy, out of a budget that is kept on disk.

    query -> spend from the ledger -> bound what one person adds -> count exactly -> add noise -> record -> answer

What holds of every answer (pure differential privacy, Dwork, McSherry, Nissim, Smith 2006, def. 1): let
D and D' be tables of which one holds all rows of one person more. For every set of answers S,
P[answer(D) in S] <= exp(epsilon) P[answer(D') in S]. Without a person column, one row stands for one
person. What an answer may depend on besides the rows (groups, bounds, edges, candidates) is given by the
analyst and is never read from the data.
"""

from commonseal.privacy.answer import Answer, ask
from commonseal.privacy.document import answer_document, query_document, refusal_document
from commonseal.privacy.faults import query_faults
from commonseal.privacy.ledger import Account, Ledger, Refusal
from commonseal.privacy.query import Count, Histogram, Mean, Quantile, Query, Statistic, Sum, exact

__all__ = [
    "Account",
    "Answer",
    "Count",
    "Histogram",
    "Ledger",
    "Mean",
    "Quantile",
    "Query",
    "Refusal",
    "Statistic",
    "Sum",
    "answer_document",
    "ask",
    "exact",
    "query_document",
    "query_faults",
    "refusal_document",
]
