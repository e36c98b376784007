from province.opinion.operations.questions import QuestionFacts, report_question

__all__ = ["QuestionFacts", "report_question"]
