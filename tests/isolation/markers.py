"""A text of its own in every text column of every row that is a hall's, found from the models themselves.

A marker looks like ``zq2x37xqz``: the hall's number and the marker's own. A marker found in an answer tells whose text
has come through, and from which column.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from uuid import UUID
from zipfile import ZipFile

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from foundation import schemas
from province.halls.models import Hall
from province.halls.operations import touch_hall
from tests.roles import as_owner

_MARKER = re.compile(r"zq\d+x\d+xqz")
# shorter columns hold codes and numbers
_ROOM = 12

HALL_MODELS = [
    model for config in apps.get_app_configs() if config.name.startswith("tenants.") for model in config.get_models()
]
PUBLIC_MODELS = [
    model
    for config in apps.get_app_configs()
    if config.name.startswith(("foundation.", "province.", "provisioning"))
    for model in config.get_models()
]


def models_of(hall: Hall) -> list[Any]:
    """Tables that this hall has in its schema: a kind may lack an app."""
    names = settings.HALL_APPS[hall.kind]
    return [model for model in HALL_MODELS if apps.get_app_config(model._meta.app_label).name in names]


# tables whose rows are for everybody's eyes, and why
SHARED_TABLES: Mapping[str, str] = {
    "halls.Hall": "the directory of halls is public",
    "halls.HallDomain": "so are their addresses",
    "halls.HostCertificate": "so are the certificates at those addresses",
    "cases.CaseOffer": "halls below take in for people what it can be asked for, on its form",
    "content.LibraryOffer": "a hall offers a text so that others read it",
    "content.LibraryUse": "who took it is said to all who may read it",
    "workdays.YearCalendar": "which days are worked, the whole country's and an area's, everybody reads",
    "workdays.CalendarDay": "likewise",
    "workdays.HallDays": "a hall's own days stand on its site",
    "workdays.ClockRecount": "which calendar or which of those days it was for, and numbers",
    "registries.DocumentEntry": "whoever has a document in hand may check it, whichever hall has issued it",
}
# columns that programs read: with a marker in them nothing would work
PROGRAMS_COLUMNS: Mapping[str, str] = {
    "portal.Column.code": "the name of the column in addresses and pushes",
    "workflow.RunAct.act": "the word of an act, which the program calls in Chinese",
    "workflow.WorkItem.step": "the name of a node of the flow",
    "workflow.WorkItem.outcome": "the code of an outcome of that node",
    "workflow.WorkBatch.outcome": "the same",
    "workflow.WorkBatch.scopes": "names of permissions",
    "workflow.WorkCandidate.key": "by which position it is found",
    "casework.CaseAct.act": "the word of an act, which the program calls in Chinese",
    "casework.CaseMaterial.field": "the name of a field",
    "casework.Correction.fields": "names of fields",
    "casework.LackingPromise.fields": "names of fields",
    "cases.ReferralParcel.content": "sealed for its row: with anything else in it nobody could open it",
    "cases.ReferralReceipt.said": "likewise",
    "cases.ReferralReceipt.file": "likewise",
    "cases.ReferralReceipt.asked": "likewise",
    "cases.ReferralSupplement.content": "likewise",
    "casework.CaseCounter.prefix": "the beginning of a number",
    "casework.PushedCall.digest": "a digest",
    "ratings.LowRatingAct.act": "the word of an act, which the program calls in Chinese",
    "cases.ListExport.words": "sealed for its row: with anything else in it nobody could open it",
    "cases.ListExport.chosen_state": "the key of a filter",
    "cases.ListExport.chosen_unit": "the id of a department",
    "cases.ListExport.scopes": "names of permissions",
    "cases.CaseApplicant.name": "sealed for its row: with anything else in it nobody could open it",
    "cases.CaseApplicant.number": "likewise",
    "cases.CaseApplicant.phone": "likewise",
    "cases.CaseApplicant.agent_name": "likewise",
    "cases.CaseApplicant.agent_number": "likewise",
    "cases.CaseApplicant.agent_phone": "likewise",
    "cases.CaseApplicant.service_address": "likewise",
    "cases.CaseApplicant.number_index": "a digest",
    "portal.HallAsset.key": "checked by its folder (test_routes.py)",
    "portal.HallAsset.media_type": "decides how the file is handed out",
    "portal.HallAsset.sha256": "a digest",
    "catalogue.Assignment.prefix": "whose it is",
    "content.Asset.key": "checked by its folder (test_routes.py)",
    "content.Asset.media_type": "decides how the file is handed out",
    "content.Asset.sha256": "a digest",
    "content.ProofBatch.digest": "a digest",
    "content.Asset.desk_prefix": "whose it is",
    "content.Manuscript.desk_prefix": "whose it is",
    "content.Push.desk_prefix": "whose it is",
    "content.Push.column": "the name of a column",
    "content.PushScope.column": "the name of a column",
    "content.PushScope.prefix": "whose it is",
    "content.PushScope.excluded_keys": "whose it is",
    "content.HallPushDecision.column": "the name of a column",
    "content.MediaAccount.prefix": "whose it is",
    "content.MediaAccount.connector": "the name of a connector",
    "content.MediaAccount.contact_name": "sealed for its row: with anything else in it nobody could open it",
    "content.MediaAccount.contact_phone": "likewise",
    "content.MediaAccount.contact_phone_index": "a digest",
    "content.AccountCredential.secret": "sealed for its row: with anything else in it nobody could open it",
    "content.AccountCredential.token": "likewise",
    "content.WebPushSubscription.prefix": "whose it is",
    "workdays.Clock.owner_kind": "the name of a kind",
    "citizens.GuestContact.name": "sealed for its row: with anything else in it nobody could open it",
    "citizens.GuestContact.phone": "likewise",
    "citizens.GuestContact.phone_index": "a digest",
    "citizens.GuestContact.address_hash": "a digest",
    "people.OpenWork.kind": "the name of a kind of thing",
    "messaging.Notice.kind": "the name of a kind",
    "messaging.Notice.path": "an address",
    "messaging.NoticeChoice.kind": "the name of a kind",
    "people.Position.reach_prefix": "whose it is",
    "people.Position.role": "the name of a role",
    "people.OwnRole.permissions": "names of permissions",
    "citizens.Mandate.acts": "names of acts",
    "events.Event.kind": "the name of a kind",
    "sealing.DataKey.key": "sealed for its row: with anything else in it nobody could open it",
    "documents.IssuedDocument.kind": "the name of a kind",
    "documents.IssuedDocument.owner_kind": "the name of a kind",
    "documents.IssuedDocument.code": "by which anybody finds the document",
    "documents.DocumentTemplate.kind": "the name of a kind",
    "documents.TemplateVersion.sha256": "a digest",
    "documents.DocumentFile.key": "checked by its folder (test_routes.py)",
    "documents.DocumentFile.media_type": "decides how the file is handed out",
    "documents.DocumentFile.sha256": "a digest",
    "workflow.FilledForm.page": "the name of a page",
    "workflow.FilledMoment.changed": "names of fields",
    "workflow.PluginCall.plugin": "the name of an action",
    "events.OutsideCall.kind": "the name of a kind",
    "workflow.FormUpload.key": "checked by its folder (test_routes.py)",
    "workflow.FormUpload.media_type": "decides how the file is handed out",
    "workflow.FormUpload.sha256": "a digest",
    "events.EventDelivery.subscriber": "the name of a subscriber",
    "events.DueTime.kind": "the name of a kind",
    "provisioning.HallSchema.digest": "a digest",
    "provisioning.HallSchema.migrations": "names of migrations",
    "services.Adoption.former_task_codes": "codes by which an address finds a guide, and which it prints",
    "audit.AuditEntry.act": "the name of an act",
    "audit.AuditEntry.object_type": "the name of a table",
}
# fields that say by themselves whose a row is
_OWNERS = ("hall_id", "tenant_id", "desk_prefix", "reach_prefix", "prefix")


@dataclass(frozen=True)
class Markers:
    """The markers of one hall. ``texts``: marker -> table and column; ``readable``: those that its readers may see."""

    number: int
    texts: Mapping[str, str]
    readable: frozenset[str]

    @property
    def private(self) -> frozenset[str]:
        return frozenset(self.texts) - self.readable


def words_of(answer: Any) -> str:
    """All that can be read in an answer: its text, its address to go on, and what a workbook holds packed."""
    content: bytes = answer.getvalue()
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    return content.decode(errors="ignore") + unquote(answer.headers.get("Location", ""))


def markers_in(text: str) -> set[str]:
    return set(_MARKER.findall(text))


def text_columns(model: Any) -> list[models.Field]:
    """Columns of a table that hold words of people."""
    return [
        field
        for field in model._meta.concrete_fields
        if _is_words(getattr(field, "base_field", field))
        and not field.primary_key
        and f"{model._meta.label}.{field.name}" not in PROGRAMS_COLUMNS
    ]


def _is_words(field: models.Field) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
    return is_text and (field.max_length is None or field.max_length >= _ROOM)


def path_to_hall(model: Any, depth: int = 2) -> str:
    """The lookup that says whose a public row is; "" where nothing does."""
    names = {field.attname for field in model._meta.concrete_fields}
    if owner := next((name for name in _OWNERS if name in names), ""):
        return owner
    if depth:
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is not model:
                path = path_to_hall(field.related_model, depth - 1)
                if path:
                    return f"{field.name}__{path}"
    return ""


def rows_of(hall: Hall, model: Any) -> models.QuerySet[Any] | None:
    """The rows of a public table that are this hall's; None where its rows are nobody's in particular."""
    path = path_to_hall(model)
    if not path:
        return None
    return model.objects.filter(**{path: hall.prefixes[-1] if path.endswith("prefix") else hall.pk}).order_by()


def mark_texts(hall: Hall, readable: Iterable[UUID]) -> Markers:
    """Put a marker behind every text of the hall. ``readable``: keys of the rows that its readers may see."""
    made = dict(_mark_all(hall))
    keys = set(readable)
    touch_hall(hall.pk)
    return Markers(
        hall.number,
        {marker: column for marker, (column, _) in made.items()},
        frozenset(marker for marker, (_, key) in made.items() if key in keys),
    )


def _mark_all(hall: Hall) -> Iterator[tuple[str, tuple[str, object]]]:
    number = 0
    for model in (*models_of(hall), *PUBLIC_MODELS):
        is_halls = model in HALL_MODELS
        if model._meta.label in SHARED_TABLES or not text_columns(model):
            continue
        with schemas.enter(hall.schema_name):
            rows = model.objects.all() if is_halls else rows_of(hall, model)
            keys = [] if rows is None else list(rows.values_list("pk", flat=True))
            table = connection.ops.quote_name(model._meta.db_table)
            with as_owner(), connection.cursor() as cursor:
                # texts that never change do so here, and are marked like the rest
                cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DISABLE TRIGGER USER")
                for key in keys:
                    for field in text_columns(model):
                        number += 1
                        marker = f"zq{hall.number}x{number}xqz"
                        cursor.execute(_update(table, field, model), [*_values(field, marker), key])
                        yield marker, (f"{model._meta.label}.{field.name}", key)
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _update(table: str, field: models.Field, model: Any) -> str:
    column = connection.ops.quote_name(field.column)
    value = f"array_append({column}, %s)" if isinstance(field, ArrayField) else f"left({column}, %s) || %s"
    return f"UPDATE {table} SET {column} = {value} WHERE {connection.ops.quote_name(model._meta.pk.column)} = %s"  # noqa: S608 - quoted names


def _values(field: models.Field, marker: str) -> list[Any]:
    if isinstance(field, ArrayField):
        return [marker]
    # a blank, so that the marker is a word of its own to the search
    return [(field.max_length or 100_000) - len(marker) - 1, f" {marker}"]
