from province.opinion.queries.figures import QuestionFigures, question_figures, question_figures_by_place
from province.opinion.queries.halls_asked import AskedHall, halls_asked_by

__all__ = ["AskedHall", "QuestionFigures", "halls_asked_by", "question_figures", "question_figures_by_place"]
