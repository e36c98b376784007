from foundation.contributions import Contribution
from tenants.shell.slots import CITIZENS, DESK, GOES_ON, CitizenRoutes, DeskLink, GoesOn

contribution = Contribution(
    CITIZENS(
        CitizenRoutes(home="citizen-me", sign_in="citizen-sign-in", confirm="citizen-confirm", identity="citizen-proof")
    ),
    # one's account and what one has allowed others: it is the province's, and shown at every hall
    GOES_ON(
        *(
            GoesOn(f"citizen-{name}")
            for name in (
                *("me", "sign-out", "confirm", "confirm-passkey", "sign-ins", "sign-ins-end"),
                *("security", "passkey-making", "passkey-decline", "proof", "phone", "password"),
                *("company-new", "agency-new", "agency-confirm", "agency-end"),
                *("mandate-confirm", "mandate-revoke", "export", "end"),
            )
        )
    ),
    DESK(
        DeskLink(
            label="核验与代办",
            route="desk-citizens",
            icon="users",
            permissions=("citizens.check",),
            order=60,
            section="群众",
            place=("citizens",),
            start=10,
        ),
    ),
)
