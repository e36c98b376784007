from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from tenants.documents.operations.ending import END
from tenants.documents.queries.access import DESIGN, READ
from tenants.documents.queries.acts import ACT_NAMES
from tenants.shell.slots import DESK, SITE, DeskLink, SitePart

contribution = Contribution(
    ACTS(*ACT_NAMES),
    SITE(SitePart(name="documents", unlisted=("/verify/",), footer="documents/site/footer_links.html")),
    DESK(
        DeskLink(
            label="文书",
            route="desk-documents",
            icon="shield-check",
            permissions=(READ, END),
            order=74,
            section="办公",
            place=("documents",),
        ),
        DeskLink(
            label="文书模板",
            route="desk-document-kinds",
            icon="file-text",
            permissions=(DESIGN,),
            order=75,
            section="办公",
            place=("document-templates",),
            below="desk-documents",
        ),
    ),
)
