"""What the ways to sign in share: where a citizen goes on to, and how they are let in."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from foundation.addresses import is_page_here
from province.citizens.access import tie_citizen
from province.citizens.models import Citizen
from province.citizens.operations.sessions import begin_sign_in
from province.console.access import client_address
from province.sign_in.access import lead_on


def halls_request(address: str) -> str:
    """The address, where it is the request of a hall that waits for this sign-in; "" otherwise."""
    is_request = is_page_here(address) and address.startswith(f"{reverse('citizen-authorize')}?")
    return address if is_request else ""


def let_citizen_in(
    request: HttpRequest, citizen: Citizen, way: str, destination: str, *, said: str = ""
) -> HttpResponse:
    """Begin the sign-in of who has just proved to be this citizen, and go on to the hall that waits for it, with a word
    about what came of it."""
    agent = request.headers.get("User-Agent", "")
    tie_citizen(request, begin_sign_in(citizen=citizen, way=way, address=client_address(request), agent=agent))
    return lead_on(request, halls_request(destination) or reverse("citizen-sign-in"), said)
