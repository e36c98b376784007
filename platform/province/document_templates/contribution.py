from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.console.slots import ADDED_LINKS, SUBPAGES, AddedLink, Subpages
from province.document_templates.operations.templates import MANAGE
from province.document_templates.queries.acts import ACT_NAMES

contribution = Contribution(
    ACTS(*ACT_NAMES),
    ADDED_LINKS(AddedLink("people.tabs", "document-kinds", "文书模板", "console-document-kinds", MANAGE)),
    SUBPAGES(Subpages("console-document-kinds", of="console-settings")),
)
