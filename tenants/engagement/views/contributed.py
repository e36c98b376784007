"""What questions show on pages of other apps."""

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from province.citizens.models import Citizen
from province.citizens.queries.notices import notices_about
from province.halls.models import Hall
from province.opinion.queries import halls_asked_by
from tenants.engagement.queries.published import shown_answers
from tenants.engagement.queries.questions import questions_of_citizen
from tenants.shell.slots import MappedPage, Once, SiteLink

_HITS = 5
_MOST_OWN = 10
_MOST_MAPPED = 500


def entrance(once: Once) -> SiteLink:  # noqa: ARG001 - the slot's signature
    return SiteLink("互动交流", "/engagement/")


def mapped_pages(hall: Hall) -> Iterator[MappedPage]:  # noqa: ARG001 - the schema is the hall's
    yield MappedPage("/engagement/", None)
    for answer in shown_answers()[:_MOST_MAPPED]:
        yield MappedPage(f"/engagement/answers/{answer.pk}/", answer.published_at)


def found_answers(hall: Hall, once: Once, words: str) -> SafeString | None:  # noqa: ARG001 - the slot's signature
    # one more than is listed says that there are more
    hits = list(shown_answers(words)[: _HITS + 1])
    context = {"words": words, "hits": hits[:_HITS], "has_more": len(hits) > _HITS}
    return render_to_string("engagement/site/found.html", context) if hits else None


def own_questions(hall: Hall, citizen: Citizen, once: Once) -> SafeString:  # noqa: ARG001 - the slot's signature
    """我的咨询: those to this hall, and at which other halls there are more."""
    questions = list(questions_of_citizen(citizen.pk)[:_MOST_OWN])
    told = notices_about([one.pk for one in questions])
    context = {
        "hall": hall,
        "questions": [(one, next(iter(told.get(one.pk, [])), None)) for one in questions],
        "elsewhere": halls_asked_by(citizen.pk, besides=hall.pk),
    }
    return render_to_string("engagement/site/own_part.html", context)
