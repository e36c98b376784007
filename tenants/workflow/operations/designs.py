"""What is the same for forms and flows: who has one open, how its draft becomes a version, and where it stands."""

from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Manager

from foundation.editing.drafts import (
    check_lock,
    check_revision,
    count_edit,
    end_lock,
    hold_lock,
    sign_draft,
    take_lock,
    with_hand,
)
from foundation.editing.models import SubmittedVersion
from foundation.editing.versions import check_may_follow, submission
from foundation.errors import Conflict, Invalid, NotFound
from foundation.row_locks import hold_row
from province.audit.operations import record_act
from province.halls.models import Hall
from province.rights.actors import Actor
from province.rights.permissions import declare
from province.rights.queries import require_work_at
from province.rights.roles import HALL_EDITORS, Reach
from tenants.portal.operations.figures import require_in_hall
from tenants.workflow.models import Design
from tenants.workflow.queries.designs import nothing_found
from tenants.workflow.states import DESIGN_TRANSITIONS, DesignState

DESIGN = declare("workflow.design", "设计本厅表单和流程", reach=Reach.HALL, roles=HALL_EDITORS)
LONGEST_TITLE: Final = 100


@transaction.atomic
def lock_design[D: Design](*, by: Actor, hall: Hall, kind: type[D], design_id: UUID) -> D:
    """Keep others from writing for five minutes; asking again prolongs it. Raises Conflict naming the holder."""
    design = locked_design(by, hall, kind, design_id)
    take_lock(design, by)
    return design


@transaction.atomic
def unlock_design[D: Design](*, by: Actor, hall: Hall, kind: type[D], design_id: UUID, is_forced: bool = False) -> D:
    """Let others write. Somebody else's lock is broken only when forced, and that is told."""
    design = locked_design(by, hall, kind, design_id)
    if broken := end_lock(design, by, is_forced=is_forced):
        record_design(by, hall, design, f"break_{design.noun}_lock", changes={"locked_by_name": [broken, None]})
    return design


@transaction.atomic
def retire_design[D: Design](*, by: Actor, hall: Hall, kind: type[D], design_id: UUID) -> D:
    """Let nobody begin it any more; what was begun goes on to its end, what was sent stays."""
    design = locked_design(by, hall, kind, design_id)
    _move(by, hall, design, DesignState.RETIRED, "retire")
    return design


@transaction.atomic
def restore_design[D: Design](*, by: Actor, hall: Hall, kind: type[D], design_id: UUID) -> D:
    """Undo a retirement: its newest version, where it has one, can be begun again."""
    design = locked_design(by, hall, kind, design_id)
    if design.state != DesignState.RETIRED:
        message = f"{design.word}当前是“{design.get_state_display()}”，无需恢复。"
        raise Conflict(message)
    _move(by, hall, design, DesignState.PUBLISHED if design.newest_id else DesignState.DRAFT, "restore")
    return design


def locked_design[D: Design](
    by: Actor, hall: Hall, kind: type[D], design_id: UUID, *, revision: int | None = None
) -> D:
    """The row, held for the operation that asks. ``revision``: of the draft that will be written or published, as
    somebody has read it. Raises NotFound, and then Conflict where somebody saved since or has it open."""
    require_in_hall(by, DESIGN, hall)
    design = hold_row(kind._default_manager.select_related(*kind.read_with), pk=design_id)  # noqa: SLF001 - of the model that is named
    if design is None or getattr(design, "is_foreign", False):
        raise NotFound(nothing_found(kind))
    if revision is not None:
        check_lock(design, by)
        check_revision(design, revision)
    return design


def insert_design(by: Actor, hall: Hall, design: Design) -> None:
    """Keep a new one, of which the person is in charge. Raises Conflict for a code that another one of the hall has."""
    whose = require_work_at(by, DESIGN, hall_id=hall.pk)
    design.owner_id, design.unit_id = whose.owner_id, whose.unit_id
    sign_draft(design, by)
    try:
        with transaction.atomic():
            design.save()
    except IntegrityError as error:
        message = f"本厅已经有{design.one}的代码是“{design.code}”，请换一个代码。"
        raise Conflict(message) from error
    record_design(by, hall, design, f"create_{design.noun}", changes={"title": [None, design.title]})


def keep_draft(by: Actor, hall: Hall, design: Design, *, is_changed: bool) -> None:
    """Keep what the caller has written into the draft, and hold its lock on. The audit tells who began to edit, not
    every save."""
    if is_changed and count_edit(design, by):
        record_design(by, hall, design, f"edit_{design.noun}")
    hold_lock(design, by)
    design.save()


def add_version[V: SubmittedVersion](
    by: Actor,
    hall: Hall,
    design: Design,
    versions: Manager[V],
    *,
    title: str,
    is_same: bool = True,
    **said: Any,
) -> V:
    """Freeze the draft as the version that can be begun from the commit on. ``title``: as its definition has it;
    ``said``: further columns of the version, ``is_same``: whether they are those of the newest one.

    Raises Conflict where nothing has changed since the newest version.
    """
    latest = design.newest
    if latest:
        is_same = is_same and latest.definition == design.definition and design.state == DesignState.PUBLISHED
        check_may_follow(latest, state=design.get_state_display(), is_open=False, is_same=is_same, verb="发布")
    version = versions.create(
        definition=design.definition,
        **said,
        **submission(by=by, after=latest, author_ids=with_hand(design.editor_ids, by)),
    )
    design.newest, design.title, design.editor_ids = version, title, []
    numbers = [latest and latest.number, version.number]
    _move(by, hall, design, DesignState.PUBLISHED, "publish", version=numbers)
    return version


def clean_title(title: str, kind: type[Design]) -> str:
    """As one line. Raises Invalid, with a fault at ``title``."""
    title = " ".join(title.split())
    if not title:
        message = f"请填写{kind.word}名称。"
        raise Invalid.at("title", message)
    if len(title) > LONGEST_TITLE:
        message = f"{kind.word}名称最多 {LONGEST_TITLE} 个字，现在有 {len(title)} 个，请缩短。"
        raise Invalid.at("title", message)
    return title


def record_design(by: Actor, hall: Hall, design: Design, act: str, **facts: Any) -> None:
    """Leave the entry of an act (``edit_form``)."""
    record_act(by=by, act=f"workflow.{act}", object_type=design.noun, object_id=design.pk, hall_id=hall.pk, **facts)


def _move(by: Actor, hall: Hall, design: Design, state: DesignState, act: str, **changes: Any) -> None:
    DESIGN_TRANSITIONS.check(design.state, state)
    changes = {"state": [design.state, str(state)], **changes}
    record_design(by, hall, design, f"{act}_{design.noun}", changes=changes)
    design.state = state
    design.save()
