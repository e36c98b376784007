"""The HTTP interface of the catalogue; one noun a file."""

from ninja import Router

from province.catalogue.api import (
    designs,
    extra_elements,
    features,
    feed,
    imports,
    items,
    life_events,
    materials,
    matrix,
    national,
    offices,
    packages,
    pause_requests,
    proposals,
    searches,
    successions,
    versions,
    words,
)

router = Router()
router.add_router("/items", items.router)
router.add_router("/versions", versions.router)
router.add_router("/pause-requests", pause_requests.router)
router.add_router("/proposals", proposals.router)
router.add_router("", designs.router)
router.add_router("", feed.router)
router.add_router("", features.router)
router.add_router("", offices.router)
router.add_router("", extra_elements.router)
router.add_router("", materials.router)
router.add_router("", matrix.router)
router.add_router("", imports.router)
router.add_router("", national.router)
router.add_router("", words.router)
router.add_router("", life_events.router)
router.add_router("", packages.router)
router.add_router("", searches.router)
router.add_router("", successions.router)
