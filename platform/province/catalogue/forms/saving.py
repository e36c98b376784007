"""What a page does with a posted form over elements: save the draft, and submit it where that was the button."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from foundation.design.forms import posted_number
from foundation.editing.models import Draft
from foundation.errors import DomainError
from province.catalogue.forms.item_form import ItemForm


@dataclass(frozen=True, slots=True)
class ShownAgain[Written: Draft]:
    """The form is shown again, and why nothing, or not all, was done.

    ``draft`` is the draft as it stands now, ``revision`` the one that the writer has read. ``is_stale``: somebody saved
    since, and the page says what differs; the revision stays what was read until the writer has seen that.
    """

    draft: Written
    revision: int
    status: int = 200
    is_stale: bool = False


def save_form[Written: Draft, Version](
    form: ItemForm,
    draft: Written,
    posted: Mapping[str, str],
    *,
    save: Callable[[int], Written],
    submit: Callable[[Written], Version],
) -> ShownAgain[Written] | Version | None:
    """Save (``save`` gets the revision that the writer has read), then submit where the button was that. Returns the
    version that was submitted, None where the draft was only saved.

    What somebody else has saved meanwhile is never written over unseen: the writer sends their revision as ``over``.
    """
    read = posted_number(posted.get("over") or posted.get("revision", ""), otherwise=-1)
    if form.is_at_rows or not form.is_valid():
        return ShownAgain(draft, read, 200 if form.is_at_rows else 422)
    # the page then says more of it than the refusal
    is_stale = read != draft.revision
    saved = draft
    try:
        saved = save(read)
        return submit(saved) if posted.get("act") == "submit" else None
    except DomainError as refusal:
        if not is_stale:
            form.take_faults(refusal)
        # the draft may have been saved before the refusal
        return ShownAgain(saved, read if is_stale else saved.revision, refusal.status, is_stale)
