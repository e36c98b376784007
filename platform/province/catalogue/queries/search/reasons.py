from foundation.tokenizing import plain_text, search_sounds
from province.catalogue.queries.search.found import FoundItem
from province.catalogue.queries.search.questions import SearchQuestion


def words_in_name(name: str, asked: SearchQuestion) -> list[str]:
    """What of the question stands in an item's name as it was typed."""
    plain = plain_text(name)
    for whole in (asked.bare, asked.typed):
        if whole and whole in plain:
            return [whole]
    return [term.said for term in asked.terms if term.said in plain]


def meanings_in_name(name: str, asked: SearchQuestion) -> list[tuple[str, str]]:
    """Sayings of the question, each with the part of the item's name that people mean by it."""
    plain = plain_text(name)
    return [
        (term.said, sign.part)
        for term in asked.terms
        for sign in term.signs
        if sign.place == "name" and sign.part != term.said and sign.part in plain
    ]


def why_found(item: FoundItem, asked: SearchQuestion) -> str:
    """Why this item was found, in one sentence."""
    if in_name := words_in_name(item.name, asked):
        return f"名称里有“{'”“'.join(in_name)}”"
    if meant := meanings_in_name(item.name, asked):
        said, part = meant[0]
        return f"“{said}”常指“{part}”"
    signs = [sign for term in asked.terms for sign in term.signs]
    if any(sign.place == "code" and item.basic_code.startswith(sign.part) for sign in signs):
        return "编码相符"
    sounds = search_sounds(item.name)
    if any(sign.place == "sounds" and sign.part in sounds for sign in signs):
        return "名称读音相近"
    if any(sign.part in plain_text(item.name) for sign in asked.leanings):
        return "问话里的字词常用来说这件事"
    return "办理条件、材料或常见问题里提到"
