"""How long the files of a document take: PDF with the fonts inside, the seal on it, Word; and a template to be read."""

from datetime import UTC, datetime
from typing import Any

from benchmarks.measuring import line, median_seconds, milliseconds
from benchmarks.world import Profile
from foundation.paper.signing import sign_paper
from standards.documents.filling import example_values, fill
from standards.documents.fonts import Fonts, check_printable
from standards.documents.kinds import ADDRESS, CODE, ISSUED_ON, ISSUER, NUMBER
from standards.documents.pdf import PaperFacts, write_pdf
from standards.documents.reading import read_word
from standards.documents.samples import default_layout
from standards.documents.stated import stated_kind, stated_kinds
from standards.documents.word import write_word

_BOUND, _BOUND_OF_ACT = 1.0, 0.020
_NOW = datetime(2026, 11, 30, tzinfo=UTC)
_GIVEN = {
    NUMBER: "当政服受〔2026〕7号",
    ISSUER: "当阳市市场监督管理局",
    ISSUED_ON: "2026年11月30日",
    CODE: "0123-4567-89AB-CDEF",
    ADDRESS: "https://example.gov.cn/verify/0123456789ABCDEF/",
}


def run(profile: Profile) -> list[dict[str, Any]]:
    times = 20 if profile.is_full else 5
    fonts = Fonts({})
    kinds = [stated_kind(code) for code in stated_kinds()]
    filled = {one.code: fill(default_layout(one), one, example_values(one), _GIVEN) for one in kinds}
    facts = PaperFacts("文书", _GIVEN[ADDRESS], _NOW)

    def files(code: str) -> None:
        pdf = write_pdf(filled[code], facts, fonts).content
        sign_paper(pdf, seed=b"s" * 32, signer="湖北省 一站", reason="文书")
        write_word(filled[code], title="文书", made_at=_NOW, address=facts.address)

    def act(code: str) -> None:
        kind = stated_kind(code)
        check_printable(fill(default_layout(kind), kind, example_values(kind), _GIVEN), fonts)

    taken = {code: median_seconds(lambda code=code: files(code), times=times) for code in filled}
    slowest = max(taken, key=lambda code: taken[code])
    in_act = max(median_seconds(lambda code=code: act(code), times=times) for code in filled)
    template = write_word(default_layout(kinds[0]), title="模板", made_at=_NOW)
    return [
        line(
            f"a sealed PDF and a Word file of the slowest of {len(kinds)} kinds ({slowest}, ms)",
            measured=milliseconds(taken[slowest]),
            bound=f"<= {milliseconds(_BOUND)} ms",
            holds=taken[slowest] <= _BOUND,
            **{code: milliseconds(seconds) for code, seconds in taken.items()},
        ),
        line(
            "what the act that issues one waits for: values checked, filled in, letters looked up (ms)",
            measured=milliseconds(in_act),
            bound=f"<= {milliseconds(_BOUND_OF_ACT)} ms",
            holds=in_act <= _BOUND_OF_ACT,
        ),
        line(
            "a template in Word, read in a process of its own (ms)",
            measured=milliseconds(median_seconds(lambda: read_word(template), times=times)),
            bound="none",
            holds=None,
        ),
    ]
