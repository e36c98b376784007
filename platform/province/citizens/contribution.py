from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.citizens.operations.services import gateway_name, gateway_state, verifier_name, verifier_state
from province.citizens.queries.acts import ACT_NAMES
from province.console.slots import SERVICES, OutsideService

contribution = Contribution(
    ACTS(*ACT_NAMES),
    SERVICES(
        OutsideService(10, "短信网关", "发送验证码和提醒", gateway_name, gateway_state),
        OutsideService(20, "实名核验", "核对群众的姓名和证件号码", verifier_name, verifier_state),
    ),
)
