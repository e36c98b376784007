from province.rights.permissions import declare
from province.rights.roles import Reach, Role

declare("notices.read", "查看通告", reach=Reach.PROVINCE, roles={Role.PROVINCE_OPERATOR})
