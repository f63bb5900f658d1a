"""Build hierarchies: by a recipe that somebody wrote, or by a guess from the values.

    values with their rows  ->  a builder: labels, level by level  ->  build: null row, top, checked

What holds of every hierarchy built here: it is nested, it holds each value once, its top is the one
label `*`, and a null, like each value of `apart`, stays apart until the top.
"""

from commonseal.anonymize.builders.builder import TOP, Builder, build
from commonseal.anonymize.builders.dates import UNITS, Dates
from commonseal.anonymize.builders.division import DIVISION_LEVELS, Divisions
from commonseal.anonymize.builders.frequency import Frequency
from commonseal.anonymize.builders.guess import build_hierarchy
from commonseal.anonymize.builders.intervals import Intervals
from commonseal.anonymize.builders.order import Order
from commonseal.anonymize.builders.prefixes import Prefixes
from commonseal.anonymize.builders.recipe import KINDS, Kind, Recipe, read_recipe

__all__ = [
    "DIVISION_LEVELS",
    "KINDS",
    "TOP",
    "UNITS",
    "Builder",
    "Dates",
    "Divisions",
    "Frequency",
    "Intervals",
    "Kind",
    "Order",
    "Prefixes",
    "Recipe",
    "build",
    "build_hierarchy",
    "read_recipe",
]
