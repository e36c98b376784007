"""How personal data is shown to people who need not know it: enough to tell two people apart, too little to use."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator

_STAR = "*"
# the machine itself, where it acts; and what stands between the names of who acts and in whose place
_NOBODY, _FOR = "系统", " 代 "
# a name without the word for a township or village in it, unless it begins with that word (镇江, 镇平) or is 景德镇
_PLACE = r"[^\d\s*](?:[^\d\s*镇乡村街]|(?<=景德)镇)"
# province, prefecture, county: what stands before the township
_COUNTY = re.compile(
    rf"(?:{_PLACE}{{0,8}}?(?:特别行政区|自治区|省))?"
    rf"(?:{_PLACE}{{0,8}}?(?:自治州|地区|盟|市))?"
    rf"(?:{_PLACE}{{0,11}}?(?:自治县|林区|县|区|市|旗))?"
)
_BETWEEN = re.compile(r"[\s-]")
# whatever letters stand beside it, and however its digits are set apart
_APART = r"[ \t_-]?"
_NUMBER = re.compile(rf"(?<!\d)\d(?:{_APART}\d){{16}}{_APART}[\dXx](?!\d)")
_PHONE = re.compile(rf"(?<!\d)(?<!\d[.-])(?:\+?86{_APART})?1{_APART}[3-9](?:{_APART}\d){{9}}(?!\d)")
# ids of rows, digests: hexadecimal, with a letter among them
_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=\d*[a-f])[0-9a-f]{32,}\b")
# digits, the letter and the spaces of Chinese input methods -> those that everybody else types
_HALF_WIDTH = str.maketrans("０１２３４５６７８９Ｘｘ＋－　\u00a0\u2002\u2003", "0123456789Xx+-" + " " * 4)


def mask_number(number: str) -> str:
    """身份证号: 420***********1234."""
    return _middle(number, 3, 4)


def mask_phone(phone: str) -> str:
    """Mobile: 138****1234; a landline keeps its last two digits."""
    digits = _BETWEEN.sub("", phone)
    return _middle(digits, 3, 4) if len(digits) >= 11 else _middle(digits, 0, 2)  # noqa: PLR2004 - a mobile's digits


def mask_name(name: str) -> str:
    """张三 → 张*, 张小三 → 张*三, 欧阳小三 → 欧**三; a name with a dot keeps its first character; of somebody who acts
    for another (华窗 代 孙北) each; what is nobody's name stays."""
    if name == _NOBODY:
        return name
    if _FOR in name:
        return _FOR.join(mask_name(one) for one in name.split(_FOR))
    if len(name) <= 2 or "·" in name:  # noqa: PLR2004 - surname and one character
        return _middle(name, 1, 0)
    return _middle(name, 1, 1)


def mask_account(account: str) -> str:
    """A bank account: its last four digits."""
    return _middle("".join(account.split()), 0, 4)


def mask_address(address: str) -> str:
    """To the county: 湖北省宜昌市当阳市****."""
    found = _COUNTY.match(address.strip())
    return f"{found[0] if found else ''}****" if address.strip() else ""


def mask_whole(text: str) -> str:
    """What may be anything: nothing of it."""
    return "****" if text else ""


def mask_words(words: str) -> str:
    """What somebody typed to look for: a number in it is masked, and all of it where it may be a name."""
    return scrub(words) if words.isascii() else mask_name(words)


MASKS: dict[str, Callable[[str], str]] = {
    "number": mask_number,
    "phone": mask_phone,
    "name": mask_name,
    "account": mask_account,
    "address": mask_address,
}


def masked(value: object, kind: str = "name") -> str:
    """The template filter: ``{{ person|masked }}``, ``{{ phone|masked:"phone" }}``. A ``Personal`` value masks itself
    without it."""
    return MASKS[kind](str(value)) if value else ""


def scrub(text: str) -> str:
    """Free text without resident numbers and mobile numbers, for what leaves the process (logs, error reports)."""
    plain = text.translate(_HALF_WIDTH)
    found, end = [], 0
    for one in _ID.finditer(plain):
        found += [_scrub(plain[end : one.start()]), one[0]]
        end = one.end()
    scrubbed = "".join([*found, _scrub(plain[end:])])
    # a text with nothing to hide stays as it was written
    return text if scrubbed == plain else scrubbed


def _scrub(text: str) -> str:
    def digits(found: re.Match[str]) -> str:
        return "".join(one for one in found[0] if one.isalnum())

    numbers = _NUMBER.sub(lambda found: mask_number(digits(found)), text)
    return _PHONE.sub(lambda found: mask_phone(digits(found)[-11:]), numbers)


def _masked_alone(value: Any) -> str:
    if isinstance(value, str) and value:
        raise TypeError("a plain text where a personal value was due")
    return str(value or "")


# of a schema: takes a model's personal value and carries its mask; a plain text is a fault of the program
MaskedText = Annotated[str, BeforeValidator(_masked_alone)]


def _masked_name(value: Any) -> str:
    return masked(value)


# of a schema: a name of somebody who works there, as pages show it
MaskedName = Annotated[str, BeforeValidator(_masked_name)]


def _middle(text: str, first: int, last: int) -> str:
    """Stars for all but so many characters; a text that is too short for it is hidden whole."""
    if len(text) - first - last < max(1, len(text) // 4):
        first = last = 0
    hidden = len(text) - first - last
    return text[:first] + _STAR * hidden + (text[-last:] if last else "")
