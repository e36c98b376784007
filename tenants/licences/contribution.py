from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.document_templates.slots import DOCUMENT_KINDS
from standards.documents.stated import stated_kind
from tenants.licences.operations.searches import note_desk_search
from tenants.licences.queries.access import END, READ
from tenants.licences.queries.acts import ACT_NAMES
from tenants.licences.queries.desk_search import find_licences
from tenants.licences.states import LICENCE_KIND
from tenants.licences.views.site import own_part
from tenants.shell.slots import (
    CITIZEN_PARTS,
    DESK,
    DESK_SEARCH,
    GOES_ON,
    SITE,
    DeskLink,
    DeskSearch,
    GoesOn,
    SitePart,
)

contribution = Contribution(
    ACTS(*ACT_NAMES),
    DOCUMENT_KINDS(stated_kind(LICENCE_KIND)),
    SITE(SitePart(name="licences", unlisted=("/licences/",))),
    CITIZEN_PARTS(own_part),
    GOES_ON(
        GoesOn("site-licences"),
        GoesOn("site-licence"),
        GoesOn("site-licence-paper"),
        GoesOn("hall-api:list_own_licences"),
        GoesOn("hall-api:show_own_licence"),
    ),
    DESK(
        DeskLink(
            label="证照",
            route="desk-licences",
            icon="shield-check",
            permissions=(READ, END),
            order=77,
            section="办公",
            place=("licences",),
            below="desk-work",
        ),
    ),
    DESK_SEARCH(
        DeskSearch(
            (READ,),
            find_licences,
            things=("证照",),
            hint="证照编号、持有人证件号码",
            note=note_desk_search,
            is_of_whole_hall=True,
        )
    ),
)
