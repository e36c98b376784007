"""Icons that pages name: one that is not in the set is drawn as nothing."""

import re
from itertools import chain

from province.console.slots import NAVIGATION
from tenants.shell.slots import DESK
from tests.architecture.sources import ROOT

_SET = ROOT / "platform/foundation/design/static/design/icons.svg"


def test_stand_in_the_set() -> None:
    known = set(re.findall(r'id="([a-z0-9-]+)"', _SET.read_text(encoding="utf-8")))
    pages = chain(*((ROOT / one).glob("**/templates/**/*.html") for one in ("platform", "tenants")))
    named = {
        (page.name, icon)
        for page in pages
        for icon in re.findall(r'\{% icon "([^"]+)"', page.read_text(encoding="utf-8"))
    }
    named |= {(link.route, link.icon) for link in (*NAVIGATION.entries(), *DESK.entries())}
    assert len(named) > 100
    assert sorted(one for one in named if one[1] not in known) == []
