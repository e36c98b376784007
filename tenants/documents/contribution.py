from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from tenants.documents.queries.acts import ACT_NAMES
from tenants.shell.slots import GOES_ON, SITE, GoesOn, SitePart

contribution = Contribution(
    ACTS(*ACT_NAMES),
    SITE(SitePart(name="documents", unlisted=("/verify/",), footer="documents/site/footer_links.html")),
    GOES_ON(GoesOn("site-verify"), GoesOn("site-verified")),
)
