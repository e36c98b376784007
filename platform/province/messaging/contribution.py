from foundation.contributions import Contribution
from province.console.slots import FRAGMENTS, Corner, Fragment
from province.messaging.views.notices import bell

contribution = Contribution(FRAGMENTS(Fragment(Corner.NEWS, bell)))
