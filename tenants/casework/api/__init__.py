"""The HTTP interface of cases; one noun a file."""

from ninja import Router

from tenants.casework.api import (
    cases,
    figures,
    joint,
    licences,
    list_exports,
    packages,
    pushes,
    records,
    referrals,
    serving,
    setups,
    shared_designs,
    site,
    special_procedures,
)

router = Router()
router.add_router("/cases", cases.router)
router.add_router("/cases", serving.router)
router.add_router("/cases", special_procedures.router)
router.add_router("/list-exports", list_exports.router)
router.add_router("/figures", figures.router)
router.add_router("/opinions", joint.router)
router.add_router("/pushes", pushes.router)
router.add_router("/records", records.router)
router.add_router("/referrals", referrals.router)
router.add_router("/setups", setups.router)
router.add_router("/setups", shared_designs.router)
router.add_router("/licences", licences.router)
router.add_router("/own-licences", licences.own)
router.add_router("/own-packages", packages.router)
router.add_router("/packages", packages.at_desk)
router.add_router("/own", site.router)
