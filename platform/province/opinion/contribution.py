from foundation.contributions import Contribution
from province.console.slots import CHARTS, LIGHTS, WALL, ChartPart, WallPart
from province.halls.slots import UNFINISHED_WORK, UnfinishedWork
from province.opinion.queries.figures import unanswered
from province.opinion.queries.limits import ANSWER_LIMITS
from province.opinion.queries.pictures import QUESTION_LIGHTS, questions_charts, wall_share
from province.workdays.slots import LIMITS

contribution = Contribution(
    CHARTS(ChartPart(40, "halls.manage", questions_charts)),
    LIGHTS(QUESTION_LIGHTS),
    WALL(WallPart(40, wall_share)),
    LIMITS(ANSWER_LIMITS),
    UNFINISHED_WORK(UnfinishedWork("条咨询或者投诉没有答复", unanswered)),
)
