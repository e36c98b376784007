"""What the desk's overview shows of the hall's texts."""

from django.template.loader import render_to_string
from django.urls import reverse

from province.console.slots import Action
from tenants.portal.queries.waiting import text_figures
from tenants.shell.slots import Desk, DeskShare, Once


def overview_share(desk: Desk, once: Once) -> DeskShare:
    """Figures, the way to a new article, and what the state of the site means for texts."""
    return DeskShare(
        notices=(render_to_string("portal/desk/state_notice.html", {"hall": desk.hall}),),
        figures=text_figures(desk, once),
        actions=(Action("写文章", reverse("desk-article-new"), "plus"),),
        hint=render_to_string("portal/desk/hint.html"),
    )
