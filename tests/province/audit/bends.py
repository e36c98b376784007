"""The ways in which somebody would bend the audit's rows; each says what it did."""

import copy
from random import Random
from typing import Any
from uuid import UUID

from foundation.crypto.sm3 import sm3
from province.audit.models import CENSUS, DAYS, PROVINCE, Facts, canonical
from province.audit.models.entries import ENTRY_FIELDS
from tests.province.audit.tables import DERIVED, NO_CHAINS, Bend, Tables

_DIGITS = "0123456789abcdef"


def edit_a_column(rng: Random, tables: Tables) -> str:
    name = rng.choice(["entries", "entries", "entries", "links", "seals", "days", "heads"])
    row = rng.choice(getattr(tables, name))
    column = rng.choice(sorted(row.keys() - DERIVED.get(name, set())))
    row[column] = another_value(rng, row[column], column)
    return f"{name}.{column}"


def another_value(rng: Random, value: Any, column: str) -> Any:
    """Another value that the column takes."""
    if column == "changes":
        another = value | {"state": ["withdrawn", rng.choice(["live", "gone"])]}
    elif column.endswith("_id") or column == "id":
        another = str(UUID(int=rng.getrandbits(128)))
    elif column == "created_at":
        another = f"{value[:-7]}{(int(value[-7:-1]) + rng.randint(1, 999)) % 1_000_000:06}Z"
    elif column == "sealed_on":
        another = f"2025-01-{rng.randint(1, 28):02}"
    elif isinstance(value, int):
        another = value + rng.choice([-1, 1, 7]) if value else value + 1
    elif value and set(value) <= set(_DIGITS):
        place = rng.randrange(len(value))
        another = value[:place] + rng.choice(_DIGITS.replace(value[place], "")) + value[place + 1 :]
    else:
        another = f"{value}{rng.choice(['', ' '])}改"
    return another


def edit_and_digest_again(rng: Random, tables: Tables) -> str:
    """The best that can be done without the key: a digest of the right look, and a chain that fits."""
    entry = rng.choice(tables.entries)
    entry["reason"] = f"改{rng.random()}"
    entry["digest"] = sm3(canonical("entry/1", {name: entry[name] for name in ENTRY_FIELDS})).hex()
    if rng.random() < 0.7:
        tables.chain_again(_chain_of(entry))
        tables.seal_again()
    return "edit, digest and chain again"


def delete_an_entry(rng: Random, tables: Tables) -> str:
    entry = rng.choice(tables.entries)
    tables.entries.remove(entry)
    return "delete an entry alone"


def delete_a_link(rng: Random, tables: Tables) -> str:
    tables.links.remove(rng.choice(tables.links))
    return "delete a link alone"


def delete_from_the_middle(rng: Random, tables: Tables) -> str:
    links = _a_chain(rng, tables)
    start = rng.randrange(len(links) - 1)
    chain_id = links[0]["chain_id"]
    tables.drop(links[start : start + rng.randint(1, 3)])
    how = rng.choice(["as is", "chained again", "sealed again"])
    if how != "as is":
        tables.chain_again(chain_id)
    if how == "sealed again":
        tables.seal_again()
    return f"delete from the middle, {how}"  # noqa: S608 - no SQL


def delete_the_tail(rng: Random, tables: Tables) -> str:
    links = _a_chain(rng, tables)
    chain_id = links[0]["chain_id"]
    tables.drop(links[max(1, len(links) - rng.randint(1, 4)) :])
    how = rng.choice(["as is", "with the head", "with the head's own mac", "with seals"])
    if how != "as is":
        last = tables.chain(chain_id)[-1]
        tables.head(chain_id).update(position=last["position"], hash=last["hash"])
    if how == "with the head's own mac":
        tables.head(chain_id)["mac"] = last["mac"]
    if how == "with seals":
        tables.seals = [s for s in tables.seals if s["chain_id"] != chain_id or s["position"] <= last["position"]]
        sealed = [s["position"] for s in tables.seals if s["chain_id"] == chain_id]
        tables.head(chain_id)["sealed_position"] = max(sealed, default=0)
        tables.days_again()
    return f"delete the tail, {how}"


def swap_contents(rng: Random, tables: Tables) -> str:
    one, other = rng.sample(tables.entries, 2)
    one["id"], other["id"] = other["id"], one["id"]
    return "swap two entries"


def swap_places(rng: Random, tables: Tables) -> str:
    links = _a_chain(rng, tables)
    one, other = rng.sample(links, 2)
    one["position"], other["position"] = other["position"], one["position"]
    how = rng.choice(["as is", "chained again"])
    if how != "as is":
        tables.chain_again(one["chain_id"])
        tables.seal_again()
    return f"swap two links, {how}"


def insert_a_forged_one(rng: Random, tables: Tables) -> str:
    entry = copy.deepcopy(rng.choice(tables.entries))
    entry["id"] = str(UUID(int=rng.getrandbits(128)))
    entry["actor_name"] = "没有做过的人"
    how = rng.choice(["waiting", "alone", "at the end", "in the middle", "a copy"])
    if how == "a copy":
        entry = copy.deepcopy(rng.choice(tables.entries))
    tables.entries.append(entry)
    if how == "waiting":
        tables.pending.append({"id": entry["id"], "created_at": entry["created_at"]})
    if how in {"at the end", "in the middle"}:
        chain_id = _chain_of(entry)
        links = tables.chain(chain_id)
        at = len(links) + 1 if how == "at the end" else rng.randint(1, len(links))
        for link in links[at - 1 :]:
            link["position"] += 1
        model = links[0]
        tables.links.append(model | {"id": entry["id"], "position": at})
        tables.chain_again(chain_id)
        if rng.random() < 0.5:
            tables.seal_again()
    return f"insert a forged entry, {how}"


def duplicate_a_link(rng: Random, tables: Tables) -> str:
    link = copy.deepcopy(rng.choice(tables.links))
    if rng.random() < 0.5:
        link["position"] = tables.head(link["chain_id"])["position"] + 1
        tables.head(link["chain_id"]).update(position=link["position"])
    tables.links.append(link)
    return "the same link twice"


def move_toanother_value_hall(rng: Random, tables: Tables) -> str:
    link = rng.choice(tables.links)
    entry, chain_id = tables.entry(link["id"]), link["chain_id"]
    other = rng.choice([head["id"] for head in tables.heads if head["id"] not in {chain_id, *NO_CHAINS}])
    how = rng.choice(["the entry", "the link", "both", "both, chained again"])
    if how != "the link":
        entry["hall_id"] = None if other == str(PROVINCE) else other
    if how != "the entry":
        link["chain_id"], link["position"] = other, tables.head(other)["position"] + 1
    if how == "both, chained again":
        tables.chain_again(chain_id)
        tables.chain_again(other)
        tables.seal_again()
    return f"move to another hall: {how}"


def delete_seals(rng: Random, tables: Tables) -> str:
    how = rng.choice(["a seal", "a day", "the last day and its seals", "all of it"])
    if how == "a seal":
        tables.seals.remove(rng.choice(tables.seals))
        if rng.random() < 0.5:
            tables.days_again()
    elif how == "a day":
        tables.days.remove(rng.choice(tables.days))
    elif how == "the last day and its seals":
        last = max(day["number"] for day in tables.days)
        tables.days = [day for day in tables.days if day["number"] != last]
        tables.seals = [seal for seal in tables.seals if seal["number"] != last]
        end = max(tables.days, key=lambda day: day["number"])
        tables.head(str(DAYS)).update(position=end["number"], sealed_position=end["number"], hash=end["hash"])
    else:
        tables.days, tables.seals = [], []
        tables.heads = [head for head in tables.heads if head["id"] != str(DAYS)]
        for head in tables.heads:
            head["sealed_position"] = 0
    return f"delete {how}"


def delete_a_chain(rng: Random, tables: Tables) -> str:
    chain_id = _a_chain(rng, tables)[0]["chain_id"]
    tables.drop(tables.chain(chain_id))
    tables.heads = [head for head in tables.heads if head["id"] != chain_id]
    how = rng.choice(["as is", "with its seals"])
    if how == "with its seals":
        tables.seals = [seal for seal in tables.seals if seal["chain_id"] != chain_id]
        tables.days_again()
    tables.head(str(CENSUS))["position"] -= rng.randint(0, 1)
    return f"delete a whole chain, {how}"


def delete_what_waits(rng: Random, tables: Tables) -> str:
    if rng.random() < 0.5:
        tables.pending.remove(rng.choice(tables.pending))
        return "take an entry out of the queue"
    row = rng.choice(tables.pending)
    tables.entries = [entry for entry in tables.entries if entry["id"] != row["id"]]
    return "delete an entry that waits"


BENDS: tuple[Bend, ...] = (
    edit_a_column,
    edit_a_column,
    edit_a_column,
    edit_and_digest_again,
    delete_an_entry,
    delete_a_link,
    delete_from_the_middle,
    delete_the_tail,
    swap_contents,
    swap_places,
    insert_a_forged_one,
    duplicate_a_link,
    move_toanother_value_hall,
    delete_seals,
    delete_a_chain,
    delete_what_waits,
)


def _a_chain(rng: Random, tables: Tables) -> list[Facts]:
    return tables.chain(rng.choice(sorted({link["chain_id"] for link in tables.links})))


def _chain_of(entry: Facts) -> str:
    return entry["hall_id"] or str(PROVINCE)
