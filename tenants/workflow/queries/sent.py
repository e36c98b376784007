"""What was sent of a form, as those read it who have to work with it: masked."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from province.halls.models import Hall
from province.rights.actors import Actor
from standards.forms.results import ResultSheet, as_sheets
from tenants.workflow.models import FilledForm, FormVersion
from tenants.workflow.queries.contexts import filling_context
from tenants.workflow.queries.filled import FormFiller, number_of, rights_at_beginning, sent_forms, values_of
from tenants.workflow.queries.forms import definition_of, form_with_id

# of one workbook; a row of 200 fields takes some 20 KB while it is written
MOST_EXPORTED: Final = 2_000


def sent_sheets(by: Actor, hall: Hall, form_id: UUID) -> list[ResultSheet]:
    """The latest ``MOST_EXPORTED`` of all versions, a few sheets a version, the newest version first. Fields that are
    hidden from this person's roles are not in it, personal values are masked. Raises NotFound."""
    by_version: dict[UUID, list[FilledForm]] = {}
    versions: dict[UUID, FormVersion] = {}
    for one in sent_forms(form_with_id(form_id).pk)[:MOST_EXPORTED]:
        by_version.setdefault(one.version_id, []).append(one)
        versions[one.version_id] = one.version
    ordered = sorted(versions.values(), key=lambda version: -version.number)
    return [sheet for version in ordered for sheet in _sheets(by, hall, version, by_version[version.pk])]


def _sheets(by: Actor, hall: Hall, version: FormVersion, filled: Sequence[FilledForm]) -> list[ResultSheet]:
    definition, who = definition_of(version), FormFiller(by)
    rights = rights_at_beginning(who, definition)
    rows = [(number_of(one), values_of(hall, one)) for one in filled]
    return as_sheets(definition, rows, rights, filling_context(hall, who, filled[0]), masked=True)
