"""Files of divisions, made up: a province with cities, counties, townships and villages in any number."""

from collections.abc import Iterator

PROVINCE = "61"


def division_lines(cities: int = 2, counties: int = 2, townships: int = 2, villages: int = 3) -> list[str]:
    """Lines ``code,name`` with a heading, in the order of codes; every name is the only one of its level."""
    return ["code,name", *(f"{code},{name}" for code, name in _rows(cities, counties, townships, villages))]


def _rows(cities: int, counties: int, townships: int, villages: int) -> Iterator[tuple[str, str]]:
    yield f"{PROVINCE}0000000000", "秦川省"
    for city in range(1, cities + 1):
        city_code = f"{PROVINCE}{city:02d}"
        yield f"{city_code}00000000", f"第{city}市"
        for county in range(1, counties + 1):
            county_code = f"{city_code}{county + 20:02d}"
            yield f"{county_code}000000", f"第{city}之{county}县"
            for township in range(1, townships + 1):
                township_code = f"{county_code}{township + 99:03d}"
                yield f"{township_code}000", f"第{city}之{county}之{township}镇"
                for village in range(1, villages + 1):
                    yield f"{township_code}{village + 199:03d}", f"第{city}之{county}之{township}之{village}村"


def file_of(lines: list[str], encoding: str = "utf-8") -> bytes:
    return "\n".join(lines).encode(encoding)
