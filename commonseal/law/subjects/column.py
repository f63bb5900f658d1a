"""The facts of one column, as an agreement uses it."""

from __future__ import annotations

from commonseal.law.fact import choice, flag, level, rate, subject, text
from commonseal.law.subjects.choices import SHARING_MODES

USES = ("plain", "quasi", "sensitive", "person")
ROLES = ("direct", "quasi", "sensitive", "text", "none", "unknown")

COLUMN = subject(
    text("name", "the column's name", "字段名", weight=16),
    text("category", "the category's id", "类别", weight=4),
    level("level", "sensitivity, 1 to 4", "敏感级别，1 至 4", weight=1),
    choice("role", "what it does to anonymity", "标识作用", ROLES, weight=2),
    choice("use", "what the agreement uses it as", "协议中的用途", USES),
    choice("sharing_mode", "of the agreement", "共享方式", SHARING_MODES, weight=8),
    flag("agreed", "the agreement names it", "协议是否列明"),
    level("found_level", "the level that its values show", "数值所显示的级别"),
    rate("confidence", "how sure the category is", "类别置信度"),
    flag("minors", "it speaks of people under 14", "是否涉及不满十四周岁未成年人"),
    flag("declared", "the steward declared the category", "类别是否由管理员声明"),
)
