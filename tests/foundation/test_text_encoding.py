from foundation.text_encoding import read_lines


def texts(content: bytes) -> list[str]:
    return [line.text for line in read_lines(content)]


def faulty_numbers(content: bytes) -> list[int]:
    return [line.number for line in read_lines(content) if line.fault]


class TestReadLines:
    def test_reads_utf8_with_and_without_its_mark(self) -> None:
        assert texts("一,当阳\n二,枝江".encode()) == ["一,当阳", "二,枝江"]
        assert texts("一,当阳\r\n二,枝江\r\n".encode("utf-8-sig")) == ["一,当阳", "二,枝江"]

    def test_reads_gb18030_by_its_content(self) -> None:
        assert texts("一,当阳\n二,枝江\n三,㐂村".encode("gb18030")) == ["一,当阳", "二,枝江", "三,㐂村"]

    def test_counts_lines_from_one(self) -> None:
        assert [line.number for line in read_lines(b"a\nb\n")] == [1, 2]

    def test_blames_the_line_that_is_in_another_encoding_than_most(self) -> None:
        utf8, gb18030 = "河溶镇".encode(), "河溶镇".encode("gb18030")
        assert faulty_numbers(b"\n".join([utf8, utf8, gb18030])) == [3]
        assert faulty_numbers(b"\n".join([gb18030, utf8, gb18030])) == [2]

    def test_blames_what_no_encoding_explains(self) -> None:
        assert faulty_numbers("河溶镇\n".encode() + b"\xff\xfe\xff\n" + "草埠湖镇".encode()) == [2]

    def test_has_nothing_to_say_of_an_empty_file(self) -> None:
        assert texts(b"") == []
