from province.rights.permissions import declare
from province.rights.roles import Reach

declare("notices.read", "查看通告", reach=Reach.PROVINCE)
