"""The province's templates: loaded from Word files, put in force for all halls without one of their own, withdrawn."""

from dataclasses import asdict
from io import BytesIO
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from foundation.errors import Conflict, NotFound
from foundation.files.store import StoredFacts, store_file
from foundation.masking import masked
from province.audit.operations import record_act
from province.document_templates.models import ProvinceTemplate, ProvinceTemplateFile, ProvinceTemplateVersion
from province.document_templates.queries.kinds import document_kind
from province.document_templates.queries.layouts import KeptLayout, layout_of, read_template
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require
from province.rights.roles import Reach, Role
from standards.documents.checking import checked_template
from standards.documents.kinds import DocumentKind

MANAGE: Final = declare(
    "document_templates.manage", "管理省级文书模板", reach=Reach.PROVINCE, roles={Role.PROVINCE_OPERATOR}
)
FOLDER: Final = "document-templates"
_BUILT_IN: Final = "平台自带"


def load_province_template(*, by: Actor, kind: str, name: str, content: bytes) -> ProvinceTemplateVersion:
    """Read a Word file as a template of this kind and keep it as a new version, which is not in force yet. The same
    once more is the same version.

    Raises Invalid with every fault and its place. The file is read and stored before the transaction begins: killed
    between the two, it lies in the store under its digest, named by no row, until somebody loads it again.
    """
    require(by, MANAGE)
    stated = document_kind(kind)
    kept = read_template(stated, content)
    facts = store_file(folder=FOLDER, name=name, content=BytesIO(content))
    return _keep(by, stated, kept, facts)


@transaction.atomic
def _keep(by: Actor, kind: DocumentKind, kept: KeptLayout, facts: StoredFacts) -> ProvinceTemplateVersion:
    template = _locked(kind.code)
    if found := template.versions.filter(sha256=kept.sha256).first():
        return found
    file, _ = ProvinceTemplateFile.objects.get_or_create(key=facts.key, defaults=asdict(facts))
    version = ProvinceTemplateVersion.objects.create(
        template=template,
        number=(template.versions.aggregate(last=Max("number"))["last"] or 0) + 1,
        layout=kept.plain,
        sha256=kept.sha256,
        file=file,
        loaded_by_id=by.id,
        loaded_by_name=by.shown_name,
    )
    _record(by, template, "load_template", kind, version=[None, version.number], file_digest=[None, facts.sha256])
    return version


@transaction.atomic
def publish_province_template(*, by: Actor, kind: str, version_id: UUID, revision: int) -> ProvinceTemplate:
    """Have every hall without a template of its own issue documents of this kind by that version from now on; an older
    one goes back to it. What was issued stays as it is.

    ``revision``: of what the operator saw. Raises NotFound, Conflict where somebody has decided since or where it is in
    force already, Invalid where the kind's fields are others by now.
    """
    require(by, MANAGE)
    stated = document_kind(kind)
    template = _locked(kind)
    version = template.versions.filter(pk=version_id).first()
    if version is None:
        raise NotFound("没有这个版本的模板。")
    _check_seen(template, revision)
    checked_template(layout_of(version), stated)
    return _decide(by, template, stated, version, "publish_template")


@transaction.atomic
def withdraw_province_template(*, by: Actor, kind: str, revision: int) -> ProvinceTemplate:
    """Have halls without a template of their own issue documents of this kind by the platform's again, from now on; all
    versions are kept. Raises as ``publish_province_template``; Conflict where none is in force."""
    require(by, MANAGE)
    stated = document_kind(kind)
    template = _locked(kind)
    _check_seen(template, revision)
    return _decide(by, template, stated, None, "withdraw_template")


def _decide(
    by: Actor, template: ProvinceTemplate, kind: DocumentKind, version: ProvinceTemplateVersion | None, act: str
) -> ProvinceTemplate:
    before = template.current
    if before == version:
        raise Conflict("这个版本的模板正在施行。" if version else "现在没有施行的省级模板。")
    template.current = version
    template.revision += 1
    template.since = timezone.now()
    template.decided_by_name = by.shown_name
    template.save(update_fields=["current", "revision", "since", "decided_by_name"])
    said = [one.number if one else _BUILT_IN for one in (before, version)]
    _record(by, template, act, kind, version=said)
    return template


def _locked(kind: str) -> ProvinceTemplate:
    """The kind's row, held by the caller's transaction; made where there is none."""
    ProvinceTemplate.objects.bulk_create([ProvinceTemplate(kind=kind)], ignore_conflicts=True)
    # who waited would be given the version beside it as it was before
    return ProvinceTemplate.objects.select_for_update().get(kind=kind)


def _check_seen(template: ProvinceTemplate, revision: int) -> None:
    if template.revision == revision:
        return
    who = masked(template.decided_by_name) or "别人"
    now = f"第 {template.current.number} 版" if template.current else _BUILT_IN
    raise Conflict(f"{who}刚刚改过，现在施行的是{now}的模板。您的操作没有执行，请看过以后再决定。")


def _record(by: Actor, template: ProvinceTemplate, act: str, kind: DocumentKind, **changes: Any) -> None:
    record_act(
        by=by,
        act=f"document_templates.{act}",
        object_type="province_template",
        object_id=template.pk,
        changes={"kind": [None, kind.name], **changes},
    )
