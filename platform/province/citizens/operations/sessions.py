"""Begin, see and end sign-ins of citizens; and hand halls' hosts codes for them."""

from datetime import timedelta
from typing import Any, override
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from foundation.errors import Invalid, NotAllowed
from province.audit.operations import record_act
from province.citizens.models import Citizen, CitizenGrant, CitizenSignIn
from province.citizens.queries.sessions import is_open_sign_in, sign_ins_of
from province.halls.queries import hall_at_host
from province.halls.states import SIGNED_IN_AT
from province.rights.actors import Actor
from province.sign_in.operations.codes import CodeValidator, HallsClient, authorize_by, exchange_by

# halls' hosts, as the client that citizens go to
CITIZENS = "citizens"
_SEEN_EVERY = timedelta(minutes=1)
_GRANTS_KEPT = timedelta(days=1)
_SIGN_INS_KEPT = timedelta(days=183)
_ENTER = """
    UPDATE citizens_citizensignin SET hall_ids = array_append(hall_ids, %s)
    WHERE id = %s AND NOT hall_ids @> ARRAY[%s]::uuid[]
"""


@transaction.atomic
def begin_sign_in(*, citizen: Citizen, way: str, address: str, agent: str) -> CitizenSignIn:
    """Begin the sign-in of the person who proved a moment ago to be this citizen; how they did stands in the audit
    already. Raises Invalid where the account ended since."""
    found = Citizen.objects.select_for_update().filter(pk=citizen.pk, ended_at=None).first()
    if found is None:
        raise Invalid("账号已注销。")
    now = timezone.now()
    return CitizenSignIn.objects.create(
        citizen=found,
        way=way,
        round=found.session_round,
        proved_at=now,
        last_seen_at=now,
        address=address,
        agent=agent[:200],
    )


def seen_sign_in(sign_in_id: UUID | str) -> CitizenSignIn | None:
    """The open sign-in with its citizen: one query, and once a minute a second one that notes when it was last seen."""
    found = CitizenSignIn.objects.select_related("citizen").filter(pk=sign_in_id).first()
    if found is None or not is_open_sign_in(found):
        return None
    now = timezone.now()
    if found.last_seen_at < now - _SEEN_EVERY:
        CitizenSignIn.objects.filter(pk=found.pk, last_seen_at__lt=now - _SEEN_EVERY).update(last_seen_at=now)
    return found


def enter_hall(*, sign_in: CitizenSignIn, hall_id: UUID) -> None:
    """Note that this hall was entered by the sign-in. A repeat changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [hall_id, sign_in.pk, hall_id])


def go_on_as(*, sign_in: CitizenSignIn, citizen: Citizen) -> None:
    """Let this sign-in go on where all others of the account have ended, or where the account has been joined to
    another. One that was ended meanwhile stays so."""
    CitizenSignIn.objects.filter(pk=sign_in.pk, ended_at=None).update(citizen=citizen, round=citizen.session_round)


def renew_proof_of(*, sign_in: CitizenSignIn) -> None:
    """Note that the citizen has proved just now who they are: at every host of this sign-in."""
    CitizenSignIn.objects.filter(pk=sign_in.pk).update(proved_at=timezone.now())


@transaction.atomic
def end_sign_in(*, by: Actor, sign_in: CitizenSignIn) -> None:
    """End one sign-in, at the province's host and in every hall. A repeat changes nothing."""
    if not by.is_in_person(sign_in.citizen_id):
        raise NotAllowed("只能退出自己的登录。")
    if CitizenSignIn.objects.filter(pk=sign_in.pk, ended_at=None).update(ended_at=timezone.now()):
        _record(by, "citizens.citizen_sign_out", sign_in.citizen)


@transaction.atomic
def end_all_sign_ins(*, by: Actor, citizen: Citizen) -> int:
    """End every sign-in of the citizen in every hall at once, by one row; returns how many there were."""
    if not by.is_in_person(citizen.pk):
        raise NotAllowed("只能退出自己的登录。")
    found = Citizen.objects.select_for_update().get(pk=citizen.pk)
    ended = sign_ins_of(found).count()
    found.session_round += 1
    found.save(update_fields=["session_round"])
    _record(by, "citizens.citizen_sign_out_all", found, sessions=[ended, 0])
    return ended


def authorize_citizen(*, sign_in: CitizenSignIn | None, query: str) -> str:
    """Where the browser goes on to (``authorize_by``): a hall's host with a code. ``sign_in`` None: nobody is signed in
    and the hall asked for silence."""
    return authorize_by(_CitizenValidator(session=sign_in), query=query)


def exchange_citizen_code(*, body: str, headers: dict[str, str]) -> tuple[dict[str, str], str, int]:
    """Headers, JSON and status that answer a hall's token request (``exchange_by``), in this process alone."""
    return exchange_by(_CitizenValidator(is_hall=True), body=body, headers=headers)


class _CitizenValidator(CodeValidator):
    grants = CitizenGrant
    person = "citizen"
    halls = HallsClient(CITIZENS)
    halls_route = "citizen-back"

    @override
    def client_called(self, client_id: str) -> None:
        """There is none besides halls."""

    @override
    def has_hall(self, host: str) -> bool:
        """A hall that has gone is none: its domain may be somebody else's by now."""
        hall = hall_at_host(host)
        return hall is not None and hall.state in SIGNED_IN_AT

    @override
    def is_open(self, session: CitizenSignIn) -> bool:
        return is_open_sign_in(session)

    @override
    def claims_of(self, session: CitizenSignIn, scopes: list[str]) -> dict[str, Any]:
        return {"sub": str(session.citizen_id)}


def forget_old_citizen_sign_ins() -> None:
    """Delete what nobody asks about any more: codes that have ended, and sign-ins of half a year ago."""
    now = timezone.now()
    CitizenGrant.objects.filter(code_expires_at__lt=now - _GRANTS_KEPT).delete()
    CitizenSignIn.objects.filter(created_at__lt=now - _SIGN_INS_KEPT).delete()


def _record(by: Actor, act: str, citizen: Citizen, **changes: Any) -> None:
    record_act(
        by=by, act=act, object_type="citizen", object_id=citizen.pk, person_id=citizen.pk, changes=changes or None
    )
