from foundation.contributions import Contribution
from province.designers.slots import CITIZEN_SHEETS
from tenants.shell.slots import GOES_ON, SITE, SITE_SEARCH, GoesOn, SitePart, SiteSearch
from tenants.shell.views.progress import home_blocks
from tenants.shell.views.search import found_sites

contribution = Contribution(
    CITIZEN_SHEETS("shell/site.css", "shell/citizen.css"),
    SITE(SitePart(name="progress", home=home_blocks, unlisted=("/progress/",))),
    SITE_SEARCH(SiteSearch(order=90, find=found_sites)),
    # the emblem stands on every page
    GOES_ON(GoesOn("site-progress"), GoesOn("site-emblem", is_read=True)),
)
