"""Name what needs no recognizer: what is left over, and what only the whole table shows."""

from __future__ import annotations

from commonseal.classify._internal.recognizer import category
from commonseal.model import Level, Role

FREE_TEXT = category("free_text", "Free text", "自由文本", Level.SEMI_PRIVATE, Role.TEXT)
QUANTITY = category("quantity", "Quantity", "数量", Level.GENERAL, Role.NONE)
CODE = category("code", "Code or label", "代码或标签", Level.GENERAL, Role.NONE)
FLAG = category("flag", "Yes or no", "是否标志", Level.GENERAL, Role.NONE)
UNKNOWN = category("unknown", "Unknown", "未能识别", Level.SEMI_PRIVATE, Role.UNKNOWN)
# These two never stand as a column's category, only in `Evidence.others`.
TRAJECTORY = category("trajectory", "Movement track", "行踪轨迹", Level.SEMI_PRIVATE, Role.SENSITIVE)
MINOR = category(
    "minor_under_14", "Minor under fourteen", "不满十四周岁未成年人", Level.SEMI_PRIVATE, Role.SENSITIVE
)
