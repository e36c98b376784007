from province.identity.models import Reach
from province.identity.queries.rights import declare

declare("notices.read", "查看通告", reach=Reach.PROVINCE)
