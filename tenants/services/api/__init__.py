"""The HTTP interface of a hall's items; one noun a file."""

from ninja import Router

from tenants.services.api import items, parts, usual

router = Router()
router.add_router("/items", items.router)
router.add_router("/items", parts.router)
router.add_router("/usual-answers", usual.router)
