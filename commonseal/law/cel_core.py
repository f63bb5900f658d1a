"""Import the CEL core without the command line that its package brings along.

`import cel` also imports its own shell (prompt_toolkit, pygments): 0.6 s of CPU at the start of every
command, for something nobody here calls. A stand-in takes that module's place while `cel` loads.
"""

from __future__ import annotations

import sys
from types import ModuleType

_SHELL = "cel.cli"

if "cel" not in sys.modules:
    sys.modules[_SHELL] = ModuleType(_SHELL)
    try:
        import cel
    finally:
        del sys.modules[_SHELL]
else:
    import cel

__all__ = ["cel"]
