from foundation.contributions import Contribution
from tenants.shell.slots import SITE_SEARCH, SiteSearch
from tenants.shell.views.search import found_sites

contribution = Contribution(SITE_SEARCH(SiteSearch(order=90, find=found_sites)))
