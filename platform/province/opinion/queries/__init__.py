from province.opinion.queries.figures import (
    QuestionFigures,
    halls_with_unread,
    question_figures,
    question_figures_by_place,
)
from province.opinion.queries.halls_asked import AskedHall, halls_asked_by

__all__ = [
    "AskedHall",
    "QuestionFigures",
    "halls_asked_by",
    "halls_with_unread",
    "question_figures",
    "question_figures_by_place",
]
