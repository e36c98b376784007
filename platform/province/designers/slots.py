"""What apps contribute to a form that is looked at before anybody fills it in."""

from foundation.contributions import Slot

# paths of the static sheets in which citizens see a form, in the order of the page
CITIZEN_SHEETS = Slot[str]("designers.citizen_sheets", keys=lambda one: [one])
