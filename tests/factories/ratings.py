"""Cases that have ended and can be rated, and ratings of them."""

from province.halls.models import Hall
from tenants.casework.models import Case, CaseSetup
from tenants.casework.operations.closing import serve_decision
from tenants.casework.operations.deciding import decide_case
from tenants.ratings.models import Rating
from tenants.ratings.operations.giving import give_rating
from tenants.ratings.operations.opening import open_case_rating
from tenants.ratings.states import RatingChannel
from tests.conftest import person
from tests.factories.casework import accepted


def finished(hall: Hall, setup: CaseSetup, *, by: str = "cao") -> Case:
    """Received at the window, accepted, granted and served by ``by``; decided by the leader."""
    case = accepted(hall, setup, by=by)
    decide_case(by=person("tao"), hall=hall, case_id=case.pk, outcome="granted", reasons="")
    return serve_decision(by=person(by), hall=hall, case_id=case.pk, way="window", proof="本人签收")


def awaited(hall: Hall, setup: CaseSetup, *, by: str = "cao") -> Rating:
    """What a finished case is rated by."""
    case = finished(hall, setup, by=by)
    open_case_rating(hall=hall, case_id=case.pk)
    return Rating.objects.get(case_id=case.pk)


def rated(hall: Hall, rating: Rating, grade: int = 1, **given: object) -> Rating:
    """As somebody says it who came by a code; a low grade with a reason."""
    reasons = [] if grade < 4 else ["wb1"]
    return give_rating(
        hall=hall, rating_id=rating.pk, grade=grade, channel=RatingChannel.LINK, **({"reasons": reasons} | given)
    )
