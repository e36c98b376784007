"""Sign in by an account elsewhere (微信, 支付宝, 国家政务服务平台): linked once by a code to the phone, known from then
on."""

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.crypto.keyring import keyed_hash, keyring
from foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from province.audit.operations import record_act
from province.citizens.connectors.bridge import Outage
from province.citizens.connectors.outside import CodeRefused, Errand, Misconfigured, platform_of
from province.citizens.models import Citizen, OutsideIdentity
from province.citizens.operations.citizen_sign_in import note_sign_in
from province.citizens.queries.outside import is_offered
from province.rights.actors import Actor

log = structlog.get_logger(__name__)


def way_out(*, provider: OutsideIdentity.Provider, errand: Errand) -> str:
    """Where the browser is sent. Raises NotFound for a platform that the settings do not name, Unavailable."""
    if not is_offered(provider):
        raise NotFound("没有这种登录方式。")
    try:
        return platform_of(provider, settings.OUTSIDE[provider]).address(errand)
    except Outage as outage:
        raise _away(provider, outage) from outage
    except Misconfigured as fault:
        raise _broken(provider, fault) from fault


def who_came_back(*, provider: OutsideIdentity.Provider, code: str, errand: Errand) -> str:
    """The keyed hash of whom the platform says it is. Raises Invalid where the person must begin anew, Unavailable
    where the platform or we are at fault."""
    if not is_offered(provider):
        raise NotFound("没有这种登录方式。")
    if not code:
        message = f"您没有同意{provider.label}授权，没有登录。可以用手机号登录。"
        raise Invalid(message)
    try:
        subject = platform_of(provider, settings.OUTSIDE[provider]).subject_of(code, errand)
    except CodeRefused as error:
        message = f"{provider.label}的授权已过期或用过了，请再点一次“{provider.label}登录”。"
        raise Invalid(message) from error
    except Outage as outage:
        raise _away(provider, outage) from outage
    except Misconfigured as fault:
        raise _broken(provider, fault) from fault
    return keyed_hash(keyring().index_key, f"outside\0{provider}\0{subject}".encode())


def _away(provider: OutsideIdentity.Provider, outage: Outage) -> Unavailable:
    log.warning("outside_failed", provider=str(provider), reason=str(outage))
    message = f"{provider.label}暂时没有响应，请过一会儿再试，或用手机号登录。"
    return Unavailable(message)


def _broken(provider: OutsideIdentity.Provider, fault: Misconfigured) -> Unavailable:
    log.error("outside_misconfigured", provider=str(provider), reason=str(fault))
    message = f"{provider.label}登录现在不能用，工作人员会处理。请用手机号登录。"
    return Unavailable(message)


@transaction.atomic
def sign_in_from_outside(*, subject_hash: str, address: str) -> Citizen | None:
    """Sign in the citizen to whom the account is linked; None where it is nobody's yet."""
    found = (
        OutsideIdentity.objects.select_for_update(of=("self",))
        .select_related("citizen")
        .filter(subject_hash=subject_hash, citizen__ended_at=None)
        .first()
    )
    if found is None:
        return None
    found.last_used_at = timezone.now()
    found.save(update_fields=["last_used_at"])
    return note_sign_in(found.citizen, found.provider, address)


@transaction.atomic
def link_outside(
    *, by: Actor, citizen: Citizen, provider: OutsideIdentity.Provider, subject_hash: str
) -> OutsideIdentity:
    """Link the account to the citizen, who has proved just now to have the phone. A repeat changes nothing. Raises
    Conflict where the account is another citizen's, or this one has another account there."""
    if not by.is_in_person(citizen.pk):
        raise NotAllowed("只能绑定到自己的账号。")
    held = OutsideIdentity.objects.filter(subject_hash=subject_hash, citizen=citizen).first()
    if held:
        return held
    try:
        with transaction.atomic():
            linked = OutsideIdentity.objects.create(citizen=citizen, provider=provider, subject_hash=subject_hash)
    except IntegrityError as error:
        message = (
            f"这个{provider.label}账号已绑定别人，或您已绑定另一个{provider.label}账号，这次没有绑定。"
            "要换的，请先在“登录与安全”里解绑。"
        )
        raise Conflict(message) from error
    _record(by, "citizens.link_outside", citizen, provider)
    return linked


@transaction.atomic
def unlink_outside(*, by: Actor, citizen: Citizen, provider: str) -> None:
    """Sign in by it no more. A repeat changes nothing: the phone's code is left."""
    if not by.is_in_person(citizen.pk):
        raise NotAllowed("只能解绑自己的账号。")
    removed, _ = citizen.outside_identities.filter(provider=provider).delete()
    if removed:
        _record(by, "citizens.unlink_outside", citizen, provider)


def _record(by: Actor, act: str, citizen: Citizen, provider: str) -> None:
    record_act(
        by=by,
        act=act,
        object_type="citizen",
        object_id=citizen.pk,
        person_id=citizen.pk,
        changes={"provider": [None, str(provider)]},
    )
