"""x"""
from pathlib import Path
def write_report(folder: Path, out: Path, lang: str) -> Path:
    raise NotImplementedError
