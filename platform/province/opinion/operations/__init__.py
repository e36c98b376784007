from province.opinion.operations.limits import tell_touched_halls
from province.opinion.operations.questions import QuestionFacts, forget_questions_but, report_question

__all__ = ["QuestionFacts", "forget_questions_but", "report_question", "tell_touched_halls"]
