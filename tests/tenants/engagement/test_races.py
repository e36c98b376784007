"""Two at once about one question: one of them wins, and the other is told or changes nothing."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from foundation import schemas
from foundation.errors import Conflict
from province.halls.models import Hall
from province.opinion.models import QuestionReport
from tenants.engagement.models import Question
from tenants.engagement.operations.answering import refuse_question, reply_to_question
from tenants.engagement.operations.asking import Guest, Inquiry, ask_as_guest
from tests.conftest import person
from tests.factories.citizens import phone_of
from tests.factories.engagement import REPLY, TEXT, last_of, make_question
from tests.factories.sites import inside
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("fresh_database")


def _in(hall: Hall, act: Callable[..., Any], **given: Any) -> Callable[[], Any]:
    def run() -> Any:
        with schemas.enter(hall.schema_name):
            return act(hall=hall, **given)

    return run


class TestTwoAtOnce:
    def test_give_one_answer(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")
        question = make_question(north)
        with inside(north):
            given = {"question_id": question.pk, "after": last_of(question)}
        answers = at_once(
            _in(north, reply_to_question, by=person("hua"), text=REPLY, **given),
            _in(north, refuse_question, by=person("he"), reason="请到乡镇便民服务中心。", **given),
        )
        assert sum(isinstance(one, Conflict) for one in answers) == 1
        with inside(north):
            assert question.messages.count() == 2
            assert Question.objects.get().state == QuestionReport.objects.get().state

    def test_make_one_question_of_one_form(self, fresh_database: None) -> None:
        north = Hall.objects.get(slug="north")
        inquiry, guest = Inquiry(text=TEXT, form_id=uuid4()), Guest(phone=phone_of())
        first, second = at_once(*[_in(north, ask_as_guest, inquiry=inquiry, guest=guest)] * 2)
        assert first.pk == second.pk
        assert QuestionReport.objects.count() == 1
