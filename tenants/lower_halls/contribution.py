from foundation.contributions import Contribution
from tenants.shell.slots import DESK, DeskLink

contribution = Contribution(
    DESK(
        DeskLink(
            label="下级认领情况",
            route="desk-matrix",
            icon="table",
            permissions=("services.adopt",),
            order=41,
            section="办事",
            place=("matrix", "assignments"),
            below="desk-items",
        )
    ),
)
