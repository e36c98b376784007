"""Roles: the ready-made ones, and those that a hall or the province has put together."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.design.said import say_made
from foundation.errors import DomainError, NotFound
from province.console.access import actor_of_request, require_fresh
from province.people.forms import RoleForm
from province.people.models import OwnRole
from province.people.operations.roles import change_role, create_role, retire_role
from province.people.queries.places import Place, place_with_code
from province.people.queries.roles import own_role_with_id, own_roles_for, permissions_of, ready_roles_for
from province.people.views.places import chosen_place
from province.rights.actors import Actor
from province.rights.permissions import Permission, all_permissions
from province.rights.queries import may
from province.rights.roles import READY_ROLES


@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    by = actor_of_request(request, "people.read")
    choice = chosen_place(request, by, "people.read")
    place = choice.place
    context = {
        "tab": "roles",
        "place": place,
        "choice": choice,
        "may_appoint": may(by, "rights.appoint", hall_id=place.hall_id, prefix=place.prefix or None),
        "ready": [
            (role, READY_ROLES[role].reach, _labels(permissions_of(role))) for role in ready_roles_for(place.hall_id)
        ],
        "own": [(role, _labels(role.permissions)) for role in own_roles_for(place.hall_id)],
    }
    return render(request, "people/roles.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, role_id: UUID | None = None) -> HttpResponse:
    """A new role, or one of the place's own."""
    by = actor_of_request(request, "rights.appoint")
    require_fresh(request)
    place = place_with_code(by, "rights.appoint", _code(request))
    role = _own_role(role_id, place) if role_id else None
    initial = {"name": role.name, "permissions": role.permissions} if role else {}
    form = RoleForm(request.POST or None, offered=_offered(by, place), initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            if role:
                change_role(by=by, role=role, prefix=place.prefix, **facts)
            else:
                role = create_role(by=by, hall_id=place.hall_id, prefix=place.prefix, **facts)
        except DomainError as refusal:
            form.take_faults(refusal)
        else:
            address = f"{reverse('console-role', args=[role.pk])}?hall={place.code}"
            say_made(request, f"角色“{facts['name']}”已保存，立即生效。", address=address)
            return _back(place)
    context = {"tab": "roles", "place": place, "role": role, "form": form}
    return render(request, "people/role.html", context, status=422 if form.errors else 200)


@require_POST
def retire(request: HttpRequest, role_id: UUID) -> HttpResponse:
    by = actor_of_request(request, "rights.appoint")
    require_fresh(request)
    place = place_with_code(by, "rights.appoint", _code(request))
    role = _own_role(role_id, place)
    try:
        retire_role(by=by, role=role, prefix=place.prefix)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"角色“{role.name}”已停用。")
    return _back(place)


def _own_role(role_id: UUID, place: Place) -> OwnRole:
    role = own_role_with_id(role_id)
    if role.hall_id != place.hall_id:
        raise NotFound("没有这个角色，或者它属于其他服务厅。")
    return role


def _offered(by: Actor, place: Place) -> list[Permission]:
    """What the actor may put into a role there."""
    is_granter = may(by, "rights.grant")
    where: dict[str, Any] = {"hall_id": place.hall_id, "prefix": place.prefix or None}
    return [one for one in all_permissions() if one.is_for_halls and (is_granter or may(by, one.name, **where))]


def _labels(permissions: Collection[str]) -> list[str]:
    return [one.label for one in all_permissions() if one.name in permissions]


def _code(request: HttpRequest) -> str:
    return (request.POST.get("hall") or request.GET.get("hall") or "").strip()[:12]


def _back(place: Place) -> HttpResponse:
    return redirect(f"{reverse('console-roles')}?hall={place.code}")
