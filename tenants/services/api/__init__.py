"""The HTTP interface of a hall's items; one noun a file."""

from ninja import Router

from tenants.services.api import exchange, features, hall_defaults, hall_guides, items, many, searches

router = Router()
router.add_router("/items", items.router)
router.add_router("/items", features.router)
router.add_router("/items", hall_guides.router)
router.add_router("/items", exchange.router)
router.add_router("/items", many.router)
router.add_router("/hall-defaults", hall_defaults.router)
router.add_router("/searches", searches.router)
