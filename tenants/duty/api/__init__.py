"""The HTTP interface of the roster; one noun a file."""

from ninja import Router

from tenants.duty.api import requests, roster, shifts

router = Router()
router.add_router("", roster.router)
router.add_router("", requests.router)
router.add_router("/shifts", shifts.router)
