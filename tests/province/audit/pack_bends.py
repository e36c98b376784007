"""The ways in which somebody would bend rows that hold many links; each says what it did."""

import copy
from random import Random

from province.audit.models import facts_of
from province.audit.models.chain import LINK_FIELDS
from tests.province.audit.bends import another_value
from tests.province.audit.tables import Bend, Tables, as_row, pack_of


def edit_a_pack(rng: Random, tables: Tables) -> str:
    pack = rng.choice(tables.packs)
    column = rng.choice(sorted(pack))
    if column in {"ids", "times"}:
        at = rng.randrange(len(pack[column]))
        pack[column][at] = another_value(rng, pack[column][at], "id" if column == "ids" else "created_at")
    else:
        pack[column] = another_value(rng, pack[column], column)
    return f"packs.{column}"


def cut_or_lengthen_a_pack(rng: Random, tables: Tables) -> str:
    pack = rng.choice(tables.packs)
    column = rng.choice(["ids", "times", "hashes", "macs"])
    how = rng.choice(["cut", "lengthen"])
    unit = {"hashes": 64, "macs": 32}.get(column, 1) if rng.random() < 0.5 else {"hashes": 2, "macs": 2}.get(column, 1)
    pack[column] = pack[column][:-unit] if how == "cut" else pack[column] + pack[column][:unit]
    return f"{how} {column} of a pack by {unit}"


def cut_a_pack_whole(rng: Random, tables: Tables) -> str:
    """All columns alike: what is left would be a pack."""
    pack = rng.choice(tables.packs)
    tables.packs.remove(pack)
    links = [facts_of(link, LINK_FIELDS) for link in as_row(pack).links()]
    how = rng.choice(["its end", "its beginning", "its beginning, moved down"])
    left = links[:-1] if how == "its end" else links[1:]
    if how.endswith("down"):
        left = [link | {"position": link["position"] - 1} for link in left]
    if left:
        tables.packs.append(pack_of(left))
    return f"cut {how} off a pack"


def delete_a_pack(rng: Random, tables: Tables) -> str:
    pack = rng.choice(tables.packs)
    tables.packs.remove(pack)
    if rng.random() < 0.5:
        tables.entries = [entry for entry in tables.entries if entry["id"] not in pack["ids"]]
        return "delete a pack with its entries"
    return "delete a pack"


def duplicate_a_pack(rng: Random, tables: Tables) -> str:
    pack = copy.deepcopy(rng.choice(tables.packs))
    how = rng.choice(["as it is", "at the end", "as rows"])
    if how == "at the end":
        pack["position"] = tables.head(pack["chain_id"])["position"] + 1
    if how == "as rows":
        tables.links += [facts_of(link, LINK_FIELDS) for link in as_row(pack).links()]
    else:
        tables.packs.append(pack)
    return f"a pack twice, {how}"


def swap_packs(rng: Random, tables: Tables) -> str:
    one, other = rng.sample(tables.packs, 2)
    column = rng.choice(["ids", "times", "hashes", "macs", "position", "chain_id"])
    if one[column] == other[column]:
        column = "ids"
    one[column], other[column] = other[column], one[column]
    return f"swap {column} of two packs"


def swap_within_a_pack(rng: Random, tables: Tables) -> str:
    pack = rng.choice(tables.packs)
    links = [facts_of(link, LINK_FIELDS) for link in as_row(pack).links()]
    one, other = rng.sample(range(len(links)), 2)
    how = rng.choice(["wholly", "hashes alone", "macs alone"])
    for name in {"wholly": ("id", "created_at", "hash", "mac"), "hashes alone": ("hash",)}.get(how, ("mac",)):
        links[one][name], links[other][name] = links[other][name], links[one][name]
    pack.update(pack_of(links))
    return f"swap two links in a pack, {how}"


BENDS_OF_PACKS: tuple[Bend, ...] = (
    edit_a_pack,
    edit_a_pack,
    cut_or_lengthen_a_pack,
    cut_a_pack_whole,
    delete_a_pack,
    duplicate_a_pack,
    swap_packs,
    swap_within_a_pack,
)
