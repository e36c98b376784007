"""JSON and XML documents that somebody sent: read in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from foundation import interchange
from foundation.confinement import Limits
from foundation.errors import Invalid
from foundation.interchange import JsonEntry, XmlEntry, XmlFault, XmlRow, open_json, open_xml
from tests.servers import ROOT

JSON_HEAD = b'{"format": "f", "version": 1, "items": '
XML_HEAD = b'<exchange xmlns="urn:f">'


def read_json(content: bytes) -> list[JsonEntry]:
    head = {"format": "f", "version": 1}
    with open_json(content, list_name="items", head=head, most=100_000, noun="条目") as entries:
        return list(entries)


def read_xml(content: bytes) -> list[XmlEntry | XmlFault]:
    with open_xml(
        content, namespace="urn:f", root="exchange", entry="item", rows=["a"], most=100_000, noun="条目"
    ) as entries:
        return list(entries)


class TestDocument:
    def test_as_json_gives_its_entries_with_their_lines(self) -> None:
        found = read_json(JSON_HEAD + b'[\n{"a": "\\ud800\xe5\xad\x97"},\n[1, 2.50]]}')
        assert found == [JsonEntry(1, 2, {"a": "\ud800字"}), JsonEntry(2, 3, [1, 2.5])]

    def test_as_xml_gives_its_rows_and_what_stands_between_them(self) -> None:
        found = read_xml(XML_HEAD + b"\n<b/>\n<item><a><c>1&amp;2</c>\n</a><d/></item></exchange>")
        assert found == [
            XmlFault(2, "没有“b”这个元素。"),
            XmlEntry(1, 3, [XmlRow("a", 3, [["c", "1&2", 3]]), XmlFault(4, "没有“d”这张表。")]),
        ]


# hostile document -> what is said of it
_HOSTILE = """
import django, sys; django.setup()
from tests.foundation.test_interchange import JSON_HEAD, XML_HEAD, read_json, read_xml
from foundation.errors import Invalid
M = 1024 * 1024
def memory(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name)) // 1024
program = memory("VmRSS")
laughs = b'<!DOCTYPE a [<!ENTITY l0 "ha">' + b"".join(
    b'<!ENTITY l%d "%s">' % (at, b"&l%d;" % (at - 1) * 10) for at in range(1, 10)
) + b']><exchange xmlns="urn:f"><item><a><c>&l9;</c></a></item></exchange>'
for read, make in (
    (read_xml, lambda: laughs),
    (read_json, lambda: JSON_HEAD + b"[" * 60 * M),
    (read_json, lambda: JSON_HEAD + b"[" * 1_000_000),
    (read_json, lambda: JSON_HEAD + b"[[" + b"0," * 5_000_000 + b"0]]}"),
    (read_json, lambda: b'{"a":' * 100_000 + b"0" + b"}" * 100_000),
    (read_json, lambda: b"[" * 300 * M),
    (read_xml, lambda: XML_HEAD + b"<a>" * 100_000),
    (read_xml, lambda: XML_HEAD + b"<item><a><c>" + b"x" * 20 * M + b"</c></a></item></exchange>"),
    (read_xml, lambda: XML_HEAD + b"<x/>" * 100_000 + b"</exchange>"),
):
    content = make()
    try:
        print("taken", len(read(content)))
    except Invalid as refusal:
        print(refusal)
    del content
print(memory("VmHWM") - program, "MB")
"""


class TestHostileDocument:
    def test_is_refused_in_chinese_and_costs_the_reader_nothing_but_its_text(self) -> None:
        done = subprocess.run(
            [sys.executable, "-c", _HOSTILE],
            env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "DJANGO_SETTINGS_MODULE": "config.settings"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        *said, peak = done.stdout.splitlines()
        assert said == [
            "XML 里不允许有文档类型（DOCTYPE）和实体定义，不能导入。",
            "文件里的内容太多，请分成几份导入。",
            "JSON 的括号嵌套太深。",
            "第 1 行：一个条目的内容太多，不能导入。",
            "JSON 的括号嵌套太深。",
            "文件超过 64 MB，请分成几份导入。",
            "XML 里一个条目的内容太多，不能导入。",
            "XML 里一个条目的内容太多，不能导入。",
            # each of them is a fault with its line
            "taken 100000",
        ]
        # the 300 MB that this test holds itself, and not the program, which grows with every app
        assert int(peak.split()[0]) < 300 + 50

    @pytest.mark.parametrize("read", [read_json, read_xml])
    def test_that_takes_more_than_its_process_may_is_refused(
        self, read: Callable[[bytes], object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(interchange, "_LIMITS", Limits(answer=100))
        json = JSON_HEAD + b"[" + b'{"a": "0123456789"},' * 90 + b"1]}"
        xml = XML_HEAD + b"<item><a><c>0123456789</c></a></item>" * 90 + b"</exchange>"
        with pytest.raises(Invalid, match="时间或内存超过了限度"):
            read(json if read is read_json else xml)
