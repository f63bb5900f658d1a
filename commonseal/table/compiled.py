"""Compile a loop with Numba, and keep the result where there is a folder for it.

Importing Numba costs about half a second, so only modules of loops import this one, and those are
imported by whoever runs them, late.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., object])


def compiled(function: _Function) -> _Function:
    """Compile at the first call; kept in `__pycache__`, or where NUMBA_CACHE_DIR points."""
    try:
        made: object = njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder to keep it in: compile for this process alone
        made = njit(nogil=True)(function)
    return made  # type: ignore[return-value]
