from province.catalogue.models.adoptions import Assignment, GuideChange, HallItem
from province.catalogue.models.changes import ItemChange
from province.catalogue.models.codes import ItemCode
from province.catalogue.models.designs import ItemDesign, ItemFlowRevision, VersionDesign
from province.catalogue.models.extra_elements import ElementGeneration, ExtraElement
from province.catalogue.models.handling import HandlingItem
from province.catalogue.models.imports import ImportLine, ItemImport
from province.catalogue.models.items import Department, Item, Pause
from province.catalogue.models.life_events import LifeEvent
from province.catalogue.models.materials import CatalogueFile, Material
from province.catalogue.models.packages import Package, PackageVersion
from province.catalogue.models.pause_requests import PauseRequest
from province.catalogue.models.proposals import Proposal
from province.catalogue.models.reads import FoldedReads, ItemReads
from province.catalogue.models.reviews import ItemReview, Office
from province.catalogue.models.searches import HallSearchDecision, SearchDecision, SearchTally
from province.catalogue.models.submitted_guides import GuideDecision, SubmittedGuide
from province.catalogue.models.successions import Succession, SuccessionPart
from province.catalogue.models.versions import ItemVersion
from province.catalogue.models.words import TriedQuestion, WordGeneration, WordRule, WordRuleState

__all__ = [
    "Assignment",
    "CatalogueFile",
    "Department",
    "ElementGeneration",
    "ExtraElement",
    "FoldedReads",
    "GuideChange",
    "GuideDecision",
    "HallItem",
    "HallSearchDecision",
    "HandlingItem",
    "ImportLine",
    "Item",
    "ItemChange",
    "ItemCode",
    "ItemDesign",
    "ItemFlowRevision",
    "ItemImport",
    "ItemReads",
    "ItemReview",
    "ItemVersion",
    "LifeEvent",
    "Material",
    "Office",
    "Package",
    "PackageVersion",
    "Pause",
    "PauseRequest",
    "Proposal",
    "SearchDecision",
    "SearchTally",
    "SubmittedGuide",
    "Succession",
    "SuccessionPart",
    "TriedQuestion",
    "VersionDesign",
    "WordGeneration",
    "WordRule",
    "WordRuleState",
]
