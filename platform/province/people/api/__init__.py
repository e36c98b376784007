"""People, positions, departments and roles over HTTP. A hall is addressed by its id (``/halls`` tells it)."""

from ninja import Router

from province.people.api import people, people_imports, positions, roles, units

router = Router(tags=["people"])
router.add_router("", people.router)
router.add_router("", people_imports.router)
router.add_router("", positions.router)
router.add_router("", units.router)
router.add_router("", roles.router)
