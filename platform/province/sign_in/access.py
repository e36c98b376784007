"""The sign-in behind a request; and what its browser was asked to do with a passkey, kept in the session until it
answers: each question is good once."""

import json
from typing import Any

from django.http import HttpRequest

from province.sign_in.models import SignInSession
from province.sign_in.models.sessions import device_of
from province.sign_in.operations.webauthn import Question

_MAKING, _PROOF = "passkey_making", "passkey_proof"
_LONGEST_NAME = 40


def sign_in_of(request: HttpRequest) -> SignInSession | None:
    """The sign-in behind this request (config/middleware.py has looked it up), or None."""
    return getattr(request, "sign_in", None) or None


def ask_to_make(request: HttpRequest, question: Question) -> dict[str, Any]:
    """The question, as the browser's authenticator takes it."""
    options, request.session[_MAKING] = question
    return options


def ask_to_sign(request: HttpRequest, question: Question) -> dict[str, Any]:
    """The question, as the browser's authenticator takes it."""
    options, request.session[_PROOF] = question
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
