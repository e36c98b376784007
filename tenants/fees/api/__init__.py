"""The HTTP interface of fees; one noun a file."""

from ninja import Router

from tenants.fees.api import desk, site

router = Router()
router.add_router("", desk.router)
router.add_router("/own", site.router)
