"""Pictures of questions and of complaints, each apart: how many wait, and where somebody has waited too long."""

from collections.abc import Iterator, Mapping
from typing import Final

from django.urls import reverse

from foundation.design.charts import ChartPoint, FigureChart
from province.console.slots import Area, Figure, FindingKind, Light, LightPart, PlaceFinding, WallShare
from province.halls.models import Division
from province.opinion.queries.figures import QuestionFigures, question_figures, question_figures_by_place
from province.opinion.states import QuestionKind

_CODE_DIGITS = 12
_NOTES: Final = {
    QuestionKind.QUESTION: "各厅收到的群众咨询；超期的地方排在前面。咨询的内容只有收到的服务厅能看到。",
    QuestionKind.COMPLAINT: "群众对办件的投诉，由各厅的管理员处理；超期的地方排在前面。投诉的内容只有他们能看到。",
}
_LATE: Final = {QuestionKind.QUESTION: "opinion.late", QuestionKind.COMPLAINT: "opinion.complaints_late"}
_UNREAD: Final = "opinion.complaints_unread"


def questions_charts(area: Area) -> Iterator[FigureChart]:
    """What waits for an answer in each place, the most late first: of questions, and of complaints where there are any;
    two queries."""
    figures = question_figures_by_place(area.prefix, area.digits)
    codes = {place.ljust(_CODE_DIGITS, "0") for found in figures.values() for place in found}
    names = dict(Division.objects.filter(code__in=codes, valid_to=None).values_list("code", "name"))
    for kind, found in figures.items():
        if found or kind == QuestionKind.QUESTION:
            yield _chart(area, kind, found, names)


def _chart(
    area: Area, kind: QuestionKind, figures: Mapping[str, QuestionFigures], names: Mapping[str, str]
) -> FigureChart:
    codes = {place: place.ljust(_CODE_DIGITS, "0") for place in figures}

    def rank(one: tuple[str, QuestionFigures]) -> tuple[int, int, str]:
        return -one[1].late, -one[1].open, one[0]

    return FigureChart(
        key=f"{kind}s",
        title=f"群众{kind.label}",
        points=[
            ChartPoint(
                names.get(codes[place], codes[place]),
                (found.open, found.late, found.answered, found.in_time),
                _halls_page(codes[place]) if area.is_console else "",
            )
            for place, found in sorted(figures.items(), key=rank)
        ],
        series=("待答复", "其中超期", "已答复", "其中按期"),
        unit="条",
        heading="地方",
        note=_NOTES[kind],
    )


def find_late(area: Area) -> Iterator[PlaceFinding]:
    """Questions and complaints that wait past their last day, and complaints that nobody may read; one query."""
    for kind, figures in question_figures_by_place(area.prefix, area.digits).items():
        for place, found in figures.items():
            if found.late:
                yield PlaceFinding(_LATE[kind], place, found.late)
            if found.unread:
                yield PlaceFinding(_UNREAD, place, found.unread)


def _halls_page(code: str) -> str:
    return reverse("console-halls", query={"under": code})


QUESTION_LIGHTS = LightPart(
    {
        "opinion.late": FindingKind(Light.YELLOW, "条群众咨询超期未答复", _halls_page),
        "opinion.complaints_late": FindingKind(Light.YELLOW, "条群众投诉超期未处理", _halls_page),
        _UNREAD: FindingKind(Light.RED, "条群众投诉没有能回避的人处理", _halls_page),
    },
    find_late,
)


def wall_share() -> WallShare:
    figures, address = question_figures(), reverse("console")
    return WallShare(figures=(Figure(figures.open, "待答复的咨询", address), Figure(figures.late, "其中超期", address)))
