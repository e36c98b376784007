"""The province's templates in Word of the kind that tests issue, made at the province whichever schema is entered: a
hall's key opens none of its folders."""

from foundation import schemas
from province.document_templates.models import ProvinceTemplateVersion
from province.document_templates.operations import load_province_template, publish_province_template
from province.document_templates.queries.console import province_kind
from tests.conftest import person
from tests.document_kinds import NOTICE
from tests.factories.issued_documents import word_file


def word_saying(text: str) -> bytes:
    """A template with one more paragraph."""
    return word_file(lambda document: document.add_paragraph(text))


def make_version(text: str = "全省统一格式") -> ProvinceTemplateVersion:
    """Loaded, and not in force."""
    given = {"kind": NOTICE.code, "name": "模板.docx", "content": word_saying(text)}
    with schemas.enter(schemas.PUBLIC):
        return load_province_template(by=person("zhao"), **given)


def make_given(text: str = "全省统一格式") -> ProvinceTemplateVersion:
    """In force from now on."""
    version = make_version(text)
    seen = province_kind(NOTICE.code).revision
    publish_province_template(by=person("zhao"), kind=NOTICE.code, version_id=version.pk, revision=seen)
    return version
