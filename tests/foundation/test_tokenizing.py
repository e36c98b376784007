from foundation.tokenizing import LONGEST_WORD, query_words, search_sounds, search_words, syllables_of


class TestSearchWords:
    def test_cuts_chinese_into_words_and_the_parts_of_long_ones(self) -> None:
        words = search_words("中华人民共和国成立").split()
        assert {"中华人民共和国", "人民", "共和国", "成立"} <= set(words)

    def test_reads_full_width_letters_and_capitals_alike(self) -> None:
        assert search_words("ABC", "abc").split() == ["abc", "abc"]

    def test_leaves_out_all_that_postgresql_would_read_a_meaning_into(self) -> None:
        assert set("".join(search_words("www.gov.cn a@b.cn -5 a|b & !(c):* 'd'").split())) <= set("wgovcnab5d")

    def test_cuts_what_is_no_word(self) -> None:
        assert max(map(len, search_words("x" * 5000).split())) <= LONGEST_WORD

    def test_drops_what_utf8_cannot_carry(self) -> None:
        assert search_words("社保\ud800") == "社保"

    def test_is_empty_for_nothing(self) -> None:
        assert search_words("", " ,。 ") == ""


class TestQueryWords:
    def test_finds_what_was_filed(self) -> None:
        filed = set(search_words("当阳市便民服务中心周末延时服务").split())
        assert set(query_words("便民服务 周末")) <= filed

    def test_has_each_word_once_in_the_order_asked(self) -> None:
        assert query_words("社保 医保 社保") == ["社保", "医保"]


class TestSyllables:
    def test_are_the_same_for_other_letters_of_the_same_sound(self) -> None:
        assert syllables_of("低保") == syllables_of("低宝") == ["di", "bao"]
        assert syllables_of("結婚證") == syllables_of("结婚证")

    def test_leave_out_what_is_neither_letter_nor_digit(self) -> None:
        assert syllables_of("（镇）ＫＴＶ、2 号") == ["zhen", "ktv", "2", "hao"]


class TestSearchSounds:
    def test_hold_syllables_the_whole_and_first_letters(self) -> None:
        assert search_sounds("身份证") == " shen fen zheng | shenfenzheng | sfz"

    def test_are_empty_for_nothing(self) -> None:
        assert search_sounds("").strip(" |") == ""
