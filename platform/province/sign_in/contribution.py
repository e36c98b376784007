from foundation.contributions import Contribution
from province.audit.queries.acts import ACTS
from province.console.slots import ADDED_LINKS, FRAGMENTS, AddedLink, Corner, Fragment
from province.people.operations.accounts import ENDINGS
from province.people.queries.work import ENDING_WORK, ProvinceWork
from province.sign_in.operations.endings import end_with_account
from province.sign_in.queries.acts import ACT_NAMES
from province.sign_in.queries.tokens import tokens_that_end
from province.sign_in.views.fragments import me

contribution = Contribution(
    ACTS(*ACT_NAMES),
    ADDED_LINKS(
        AddedLink("people.tabs", "tokens", "令牌", "console-tokens", "tokens.manage"),
        AddedLink("people.tabs", "clients", "接入系统", "console-clients", "tokens.manage"),
    ),
    FRAGMENTS(Fragment(Corner.ME, me)),
    ENDING_WORK(ProvinceWork("令牌（将吊销）", tokens_that_end)),
    ENDINGS(end_with_account),
)
