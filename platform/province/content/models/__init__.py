from province.content.models.accounts import AccountCredential, ChannelDelivery, MediaAccount, WebPushSubscription
from province.content.models.library import LibraryOffer, LibraryUse
from province.content.models.manuscripts import Asset, Manuscript, ManuscriptVersion, Review
from province.content.models.pushes import (
    HallPushDecision,
    ProofBatch,
    Push,
    PushProof,
    PushScope,
    ScopeGeneration,
)

__all__ = [
    "AccountCredential",
    "Asset",
    "ChannelDelivery",
    "HallPushDecision",
    "LibraryOffer",
    "LibraryUse",
    "Manuscript",
    "ManuscriptVersion",
    "MediaAccount",
    "ProofBatch",
    "Push",
    "PushProof",
    "PushScope",
    "Review",
    "ScopeGeneration",
    "WebPushSubscription",
]
