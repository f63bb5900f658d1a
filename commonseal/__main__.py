"""Run `python -m commonseal`."""

from commonseal.cli import main

main()
