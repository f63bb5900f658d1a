"""Search the levels that lose least: `optimal` with its proof, `wide` where the lattice is too large for one."""

from commonseal.anonymize.search.candidate import Checked, Problem, Solution, check
from commonseal.anonymize.search.optimal import search

__all__ = ["Checked", "Problem", "Solution", "check", "search"]
