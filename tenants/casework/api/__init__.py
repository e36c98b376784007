"""The HTTP interface of cases; one noun a file."""

from ninja import Router

from tenants.casework.api import site

router = Router()
router.add_router("/own", site.router)
