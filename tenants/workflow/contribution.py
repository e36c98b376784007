from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from tenants.workflow.queries.acts import ACT_NAMES

contribution = Contribution(ACTS(*ACT_NAMES))
