"""Citizens' words over the base list: what they mean is among the first three."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from foundation.tokenizing import plain_text
from province.catalogue.base_list.reading import read_base_list
from province.catalogue.models import ItemVersion
from province.catalogue.queries import close_items, found_items, having_facets, item_facets
from province.catalogue.queries.search.questions import SearchQuestion, question
from province.catalogue.queries.search.speech import Speech, made_of, read_vocabulary
from province.catalogue.queries.validity import items_valid_at
from standards.items.facets import Facet, Whom
from tests.factories.catalogue import make_base_list
from tests.province.catalogue.questions import HELD_OUT, QUESTIONS
from tests.soak import SOAK
from tests.strays import Strays

# a saying of so many letters that is so much of a question was written for it
LONG_SAYING, MOST_OF_A_QUESTION = 6, 0.6
LIVELIHOOD = "最低生活保障金给付"
SILENT = [
    "",
    " ",
    " \t ",
    "怎么办理",
    "我想办需要什么材料",
    "的",
    "%",
    "_",
    "\\",
    "%%__",
    "'; --",
    "\0",
    "，。？！",
    "🙂",
]


@pytest.fixture(scope="module")
def base_list(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for all questions, and taken back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_base_list()
        yield
        transaction.set_rollback(True)


def names(words: str, limit: int = 3) -> list[str]:
    return [one.name for one in found_items(words, version_ids=items_valid_at(timezone.now()), limit=limit)]


def close_names(words: str) -> list[str]:
    return [one.name for one in close_items(words, version_ids=items_valid_at(timezone.now()))]


@cache
def spoken() -> Speech:
    return made_of(read_vocabulary())


class TestSynonyms:
    def test_lead_to_items_of_the_base_list(self) -> None:
        names = [plain_text(item.name) for item in read_base_list()]
        with Strays(least=120) as strays:
            for group in read_vocabulary().groups:
                with strays.of(group.said[0]):
                    assert [one for one in group.named if not any(plain_text(one) in name for name in names)] == []

    def test_are_many_and_each_stands_once(self) -> None:
        groups = read_vocabulary().groups
        assert len(groups) >= 120
        said = Counter(plain_text(one) for group in groups for one in group.said)
        assert [one for one, count in said.items() if count > 1 or len(one) < 2] == []

    @pytest.mark.parametrize("typed", ["独生子费", "独生子女的费", "独生孩女费", "生独子女费", "dushengzinvfe"])
    def test_are_known_but_for_one_letter(self, typed: str) -> None:
        assert ("农村部分计划生育家庭奖励扶助" in spoken().slips_of(typed)) is (typed != "生独子女费")

    def test_hold_no_question_that_was_held_out(self) -> None:
        known = spoken()
        words_of = sorted((known.plain(word)[0] for word in known.silent), key=len, reverse=True)
        silent = re.compile("|".join(map(re.escape, words_of)))
        held = [known.plain(plain_text(words))[0] for words, _ in HELD_OUT]
        with Strays(least=150) as strays:
            for plain in held:
                left = len(silent.sub("", plain))
                for phrase in known.phrases_among(plain):
                    letters = sum(map(len, phrase.parts))
                    # without the question: who read it would tune to it
                    with strays.of(phrase.parts):
                        assert letters < LONG_SAYING or letters < left * MOST_OF_A_QUESTION

    def test_are_not_silent(self) -> None:
        assert not read_vocabulary().silent & {one for group in read_vocabulary().groups for one in group.said}


def asked(words: str) -> SearchQuestion:
    return question(words, spoken())


class TestQuestion:
    def test_leaves_out_silent_words(self) -> None:
        assert [term.said for term in asked("请问我想办低保需要什么材料?").terms] == ["低保"]

    def test_prefers_the_longest_saying(self) -> None:
        assert [term.said for term in asked("残疾人补贴和社保卡").terms] == ["残疾人补贴", "社保卡"]

    @pytest.mark.parametrize(
        ("typed", "said"), [("想给孩子转个学", "孩子 转学"), ("小店消防报一下备", "小店 消防 备案")]
    )
    def test_reads_a_verb_that_is_taken_apart(self, typed: str, said: str) -> None:
        assert [term.said for term in asked(typed).terms] == [said]

    def test_puts_together_what_the_word_list_tears_apart(self) -> None:
        assert "魑魅" in asked("魑魅").bare

    def test_reads_a_hundred_letters(self) -> None:
        assert asked(f"{'很' * 100}低保") == asked("很" * 100) != asked(f"{'很' * 98}低保")

    def test_reads_no_saying_out_of_a_longer_number(self) -> None:
        assert [term.said for term in asked("3600").terms if term.is_saying] == ["3600"]
        assert [term.said for term in asked("113600027").terms] == ["113600027"]

    def test_leans_to_what_is_said_in_other_words(self) -> None:
        question = asked("在东莞交了八年养老回家了怎么接上")
        assert not any(term.is_saying for term in question.terms)
        assert question.leanings[0].part == "企业职工基本养老保险关系转移接续"
        assert asked("低保").leanings == asked("怎么办").leanings == asked("dibao").leanings == ()

    def test_trusts_no_letter_that_stands_far_from_its_words(self) -> None:
        grades = [
            [sign.grade for term in asked(words).terms if term.said == "开 公司" for sign in term.signs]
            for words in ("公司想开一个", "公司无缘无故就把我给开")
        ]
        assert grades == [[44], [36]]

    @pytest.mark.parametrize("words", SILENT)
    def test_is_empty_where_nothing_is_said(self, words: str) -> None:
        assert asked(words).terms == ()


@pytest.mark.usefixtures("base_list")
class TestFoundItems:
    def test_have_what_is_meant_among_the_first_three(self) -> None:
        with Strays(least=400) as strays:
            for words, wanted in QUESTIONS:
                with strays.of(words):
                    assert wanted in names(words)

    @pytest.mark.soak
    def test_begin_with_the_name_or_code_that_was_typed(self) -> None:
        """One in four always, from all over the list; every one in a soak."""
        with Strays(least=385 if SOAK else 95) as strays:
            for item in read_base_list()[:: 1 if SOAK else 4]:
                with strays.of(item.name):
                    assert names(item.name, 1) == names(item.values["basic_code"], 1) == [item.name]

    @pytest.mark.parametrize("words", SILENT)
    def test_are_none_where_nothing_is_said(self, words: str) -> None:
        assert names(words) == close_names(words) == []

    @pytest.mark.parametrize(
        "words",
        [
            "低保\0",
            "低\0保",
            "低保%",
            "100%低保_",
            "'低保' OR 1=1 --",
            "低保" * 250,
            "＂低保＂",
            "低保🙂",
            "低保\ud800",
        ],
    )
    def test_survive_any_signs(self, words: str) -> None:
        assert names(words, 1) == [LIVELIHOOD]

    @pytest.mark.parametrize("words", ["x" * 500, "的" * 500, "龘" * 500, "a b " * 125, "%" * 500, "1 " * 250])
    def test_survive_any_length(self, words: str) -> None:
        assert len(names(words)) <= 3

    def test_take_signs_of_like_as_signs(self) -> None:
        assert names("食品_许可", 20) == names("食品 许可", 20) != []

    def test_have_all_words_before_some(self) -> None:
        found = names("食品 许可", 20)
        assert found[0] == "食品经营许可"
        said = {item.name: f"{item.name}{item.values}" for item in read_base_list()}
        assert all("食品" in said[name] and "许可" in said[name] for name in found)

    def test_have_what_can_be_applied_for_before_penalties(self) -> None:
        found = names("食品经营许可", 20)
        assert found.index("食品经营许可") < found.index("对未取得食品经营许可从事食品经营活动的处罚")

    def test_are_found_by_their_materials_conditions_and_questions(self) -> None:
        assert LIVELIHOOD in names("小汽车 存款", 5)
        assert LIVELIHOOD in names("家庭经济状况核对授权书", 5)

    def test_do_not_all_come_for_a_paper_that_all_want_to_see(self) -> None:
        assert len(names("身份证", 500)) < 10

    def test_are_the_given_versions_alone(self) -> None:
        given = having_facets(items_valid_at(timezone.now()), {Facet.DEPARTMENT: "公安局"})
        ids = list(given.values_list("pk", flat=True))
        for words, _ in QUESTIONS[::5]:
            from_rows, from_ids = (found_items(words, version_ids=one, limit=500) for one in (given, ids))
            assert from_rows == from_ids
            assert {one.version_id for one in from_rows} <= set(ids)
            close = close_items(words, version_ids=ids, limit=500)
            assert {one.version_id for one in close} <= set(ids)
        assert found_items("户口", version_ids=[]) == found_items("户口", version_ids=ItemVersion.objects.none()) == []
        assert found_items("户口", version_ids=ids, limit=500) != []

    def test_come_in_the_same_order_whatever_the_order_of_the_ids(self) -> None:
        ids = list(items_valid_at(timezone.now()).values_list("pk", flat=True))
        for words in ("补贴", "登记", "许可 经营", "butie"):
            assert found_items(words, version_ids=ids, limit=500) == found_items(
                words, version_ids=ids[::-1], limit=500
            )

    @pytest.mark.parametrize(("words", "count"), [("低保", 1), ("怎么办", 1), ("qzqzqzqz", 2)])
    def test_cost_as_many_queries_for_one_version_as_for_all(self, words: str, count: int) -> None:
        now = timezone.now()
        for given in (items_valid_at(now), items_valid_at(now).filter(name=LIVELIHOOD)):
            with CaptureQueriesContext(connection) as asked:
                found_items(words, version_ids=given)
            assert len(asked) == count

    def test_say_what_they_are(self) -> None:
        (found,) = found_items(LIVELIHOOD, version_ids=items_valid_at(timezone.now()), limit=1)
        version = ItemVersion.objects.get(pk=found.version_id)
        assert (version.name, version.item_id, version.department.name) == (found.name, found.item_id, found.department)
        assert (version.item.basic_code, version.item.family) == (found.basic_code, found.family)


@pytest.mark.usefixtures("base_list")
class TestCloseItems:
    def test_are_asked_about_where_nothing_was_found(self) -> None:
        assert names("zuidishenmubaozang") == []
        assert LIVELIHOOD in close_names("zuidishenmubaozang")

    def test_are_none_for_what_resembles_nothing(self) -> None:
        assert close_names("qzqzqzqz") == []


@pytest.mark.usefixtures("base_list")
class TestItemFacets:
    def test_count_the_given_versions_in_one_query(self) -> None:
        with CaptureQueriesContext(connection) as asked:
            counted = item_facets(items_valid_at(timezone.now()))
        assert len(asked) == 1
        assert {one.value: one.count for one in counted[Facet.FAMILY]} == {
            family.value: count for family, count in Counter(one.family for one in read_base_list()).items()
        }
        assert [(one.value, one.label) for one in counted[Facet.AUDIENCE]] == list(Whom.choices)
        assert sum(one.count for one in counted[Facet.DEPARTMENT]) == len(read_base_list())
        assert counted[Facet.LIFE_EVENT][0].label == "新生儿出生"

    def test_say_how_many_a_choice_will_leave(self) -> None:
        shown = items_valid_at(timezone.now())
        for facet, counts in item_facets(shown).items():
            for one in counts:
                assert having_facets(shown, {facet: one.value}).count() == one.count

    def test_narrow_down_together(self) -> None:
        chosen = {Facet.LIFE_EVENT: "birth", Facet.DEPARTMENT: "公安局", Facet.FAMILY: "", Facet.AUDIENCE: "person"}
        rows = having_facets(items_valid_at(timezone.now()), chosen)
        assert [one.name for one in rows] == ["出生登记"]
        assert item_facets(rows)[Facet.DEPARTMENT][0].count == 1

    def test_find_nothing_for_a_choice_that_nobody_knows(self) -> None:
        shown = items_valid_at(timezone.now())
        for facet in Facet:
            assert not having_facets(shown, {facet: "no\0thing'%"}).exists()

    def test_are_none_for_no_versions(self) -> None:
        assert item_facets([]) == item_facets(ItemVersion.objects.none()) == {}
