"""What a browser was asked to do with a passkey, kept in its session until it answers: each question is good once."""

import json
from typing import Any

from django.http import HttpRequest

from province.identity.models.sessions import device_of
from province.identity.operations.passkeys import Owner, begin_passkey, begin_proof

_MAKING, _PROOF = "passkey_making", "passkey_proof"
_LONGEST_NAME = 40


def ask_to_make(request: HttpRequest, owner: Owner) -> dict[str, Any]:
    """The question, as the browser's authenticator takes it."""
    options, request.session[_MAKING] = begin_passkey(owner=owner)
    return options


def ask_to_sign(request: HttpRequest, owner: Owner | None = None) -> dict[str, Any]:
    """The question, as the browser's authenticator takes it. Without an owner it is for whoever has a key of ours."""
    options, request.session[_PROOF] = begin_proof(owner=owner)
    return options


def made_by(request: HttpRequest) -> dict[str, Any]:
    """``name`` (as its owner called it, or after the device), ``state`` and ``answer`` for ``add_passkey``."""
    name = request.POST.get("name", "").strip()[:_LONGEST_NAME] or device_of(request.headers.get("User-Agent", ""))
    return {"name": name, "state": request.session.pop(_MAKING, {}), "answer": _parsed(request.POST.get("answer", ""))}


def signed_by(request: HttpRequest, field: str = "answer") -> dict[str, Any]:
    """``state`` and ``answer`` for ``check_passkey`` and its like."""
    return {"state": request.session.pop(_PROOF, {}), "answer": _parsed(request.POST.get(field, ""))}


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
