"""The columns that every hall begins with under the same code, and that hold articles: pushes aim at these."""

PUSH_COLUMNS: dict[str, str] = {
    "news": "要闻动态",
    "notices": "通知公告",
    "policies": "政策文件",
    "disclosure": "公示公开",
    "guides": "办事提示",
    "pictures": "图说本地",
}


def column_code(text: str) -> str:
    """The code of one of these columns by its name; any other text is a code itself, perhaps of halls' own columns."""
    codes = {name: code for code, name in PUSH_COLUMNS.items()}
    return codes.get(text, text)


def column_name(code: str) -> str:
    """The column's usual name; halls may name theirs otherwise."""
    return PUSH_COLUMNS.get(code, code)
