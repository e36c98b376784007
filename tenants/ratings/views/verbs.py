"""What can be done about a low rating at the desk: by which form, in which state."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from foundation.design.forms import FaultyForm
from tenants.ratings import forms
from tenants.ratings.operations import mending
from tenants.ratings.states import LowRatingState


@dataclass(frozen=True, slots=True)
class RatingVerb:
    """``label``: of its button; ``said``: once it is done."""

    name: str
    label: str
    said: str
    act: Callable[..., object]
    form: type[FaultyForm]


# of each state the one act that comes next
NEXT: Final = {
    LowRatingState.WAITING: RatingVerb(
        "contact", "已联系评价人", "已登记，请核实。", mending.contact_rater, forms.ContactForm
    ),
    LowRatingState.CONTACTED: RatingVerb("find", "核实", "已登记核实结果。", mending.find_cause, forms.FindingForm),
    LowRatingState.MENDING: RatingVerb("mend", "整改", "已登记，请反馈评价人。", mending.mend_cause, forms.MeasureForm),
    LowRatingState.TO_TELL: RatingVerb("tell", "反馈评价人", "已反馈。", mending.tell_rater, forms.TellingForm),
    LowRatingState.TOLD: RatingVerb(
        "close", "办结", "差评已办结。", mending.close_low_rating, forms.LowRatingClosingForm
    ),
}
VERBS: Final = {one.name: one for one in NEXT.values()}
