"""常用语: what somebody keeps to write opinions with. It is nobody else's affair: the audit holds nothing of it."""

from collections.abc import Sequence

from django.db import transaction

from foundation.errors import Invalid
from foundation.texts import lines_of
from province.halls.models import Hall
from province.rights.actors import Actor
from tenants.workflow.models import OpinionPhrases
from tenants.workflow.models.phrases import LONGEST_PHRASE, MOST_PHRASES
from tenants.workflow.operations.run_rows import require_taking_part
from tenants.workflow.queries.run_access import NOBODY


@transaction.atomic
def set_phrases(*, by: Actor, hall: Hall, texts: Sequence[str]) -> list[str]:
    """Keep these, in this order, in place of those that there were. Raises Invalid for too many, or one that is too
    long."""
    require_taking_part(by, hall)
    return _keep(by, lines_of("\n".join(texts)))


@transaction.atomic
def add_phrase(*, by: Actor, hall: Hall, text: str) -> list[str]:
    """Keep one more, behind the others; one that is there already stays where it is. Raises as ``set_phrases``."""
    require_taking_part(by, hall)
    said = " ".join(lines_of(text))
    if not said:
        raise Invalid.at("opinion", "请先写好意见，再存为常用语。")
    OpinionPhrases.objects.bulk_create([OpinionPhrases(account_id=by.id or NOBODY)], ignore_conflicts=True)
    kept = OpinionPhrases.objects.select_for_update().get(account_id=by.id or NOBODY).texts
    return _keep(by, kept if said in kept else [*kept, said])


def _keep(by: Actor, texts: list[str]) -> list[str]:
    if len(texts) > MOST_PHRASES:
        raise Invalid.at("texts", f"最多 {MOST_PHRASES} 条常用语，现在有 {len(texts)} 条，请先删去几条。")
    for one in texts:
        if len(one) > LONGEST_PHRASE:
            raise Invalid.at("texts", f"一条常用语最多 {LONGEST_PHRASE} 个字，“{one[:10]}……”有 {len(one)} 个。")
    OpinionPhrases.objects.update_or_create(account_id=by.id or NOBODY, defaults={"texts": texts})
    return texts
