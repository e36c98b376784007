"""What the console's overview shows of texts."""

from django.template.loader import render_to_string
from django.urls import reverse

from province.console.slots import Action, Figure, OverviewShare
from province.content.queries.overview import texts_overview
from province.content.states import PushState
from province.rights.actors import Actor
from province.rights.queries import has_anywhere


def overview_share(by: Actor) -> OverviewShare:
    """Figures of pushes, what waits to be reviewed, one's drafts, pushes in trouble and the last ones."""
    overview = texts_overview(by)
    pushes = reverse("console-pushes")
    may_write = has_anywhere(by, "content.write")
    write = Action("新建稿件", reverse("console-manuscript-new"), "plus")
    return OverviewShare(
        figures=(
            Figure(overview.live, "发布中的推稿", f"{pushes}?state={PushState.LIVE}"),
            Figure(overview.scheduled, "定时推稿", f"{pushes}?state={PushState.SCHEDULED}"),
        ),
        actions=(write,) if may_write else (),
        left=(render_to_string("content/overview_left.html", {"overview": overview, "may_write": may_write}),),
        right=(render_to_string("content/overview_right.html", {"overview": overview}),),
    )
