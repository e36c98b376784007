from foundation.contributions import Contribution
from tenants.shell.slots import CITIZENS, DESK, CitizenRoutes, DeskLink

contribution = Contribution(
    CITIZENS(
        CitizenRoutes(home="citizen-me", sign_in="citizen-sign-in", confirm="citizen-confirm", identity="citizen-proof")
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
