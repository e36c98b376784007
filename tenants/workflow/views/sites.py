"""Where a citizen's form stands at the hall's host, and where what was made of it."""

from uuid import UUID

from django.urls import reverse

from province.designers.queries.asking import CHECK, KNOWN
from tenants.workflow.models import FilledForm
from tenants.workflow.queries.taken import page_made_of, taker_of


def address_of(filled_id: UUID, stop: str) -> str:
    """Where that is to which a form leads (``FillingPages``)."""
    if stop in {CHECK, KNOWN}:
        return reverse("site-filled-check" if stop == CHECK else "site-filled-known", args=[filled_id])
    return reverse("site-filled-page", args=[filled_id, stop])


def files_at(filled_id: UUID) -> str:
    return f"{reverse('site-filled', args=[filled_id])}files/"


def place_of(filled: FilledForm) -> dict[str, str]:
    """Where the person finds what they fill in here, and what it is called."""
    taker = taker_of(filled.form_id)
    at, called = taker.kept_at() if taker else (reverse("site-forms"), "我的表单")
    return {"place_at": at, "place_called": called, "noun": taker.noun if taker else "表单"}


def page_of_sent(filled: FilledForm) -> str:
    """The page of what was sent: of what was made of it, where something was."""
    return page_made_of(filled) or reverse("site-filled", args=[filled.pk])
