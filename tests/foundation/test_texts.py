import pytest

from foundation.errors import Invalid
from foundation.texts import Texts, clean_texts, line_of


class TestCleanTexts:
    def test_touches_only_what_is_given(self) -> None:
        assert clean_texts(Texts(author="  赵敏 ")) == {"author": "赵敏"}

    def test_takes_keywords_as_people_separate_them(self) -> None:
        texts: Texts = {"keywords": ["便民,延时;社保", "便民", " ", "低保，医保；就业、养老"]}
        assert clean_texts(texts) == {"keywords": ["便民", "延时", "社保", "低保", "医保", "就业", "养老"]}

    def test_counts_characters_as_editors_do(self) -> None:
        assert clean_texts(Texts(title="政" * 80))["title"] == "政" * 80
        with pytest.raises(Invalid, match="标题过长：最多 80 个字，现在有 81 个"):
            clean_texts(Texts(title="政" * 81))


class TestLineOf:
    def test_drops_what_deceives_or_cannot_be_kept(self) -> None:
        assert line_of("甲\x00\u202e乙\ud800\n 丙\ufeff") == "甲乙 丙"

    def test_keeps_what_belongs_to_writing(self) -> None:
        assert line_of("家庭 👨\u200d👩 é") == "家庭 👨\u200d👩 é"
