"""What the audit calls the acts on licences."""

from province.audit.queries.acts import ActNames
from tenants.licences.states import LicenceStanding

ACT_NAMES = (
    ActNames(
        "证照",
        {
            "licences.grant_licence": "颁发证照",
            "licences.end_licence": "终止证照效力",
            "licences.reinstate_licence": "恢复证照效力",
        },
        objects={"licence": "证照"},
        fields={"number": "编号", "state": "状态", "basis": "依据"},
        choices={("licence", "state"): LicenceStanding.choices},
    ),
)
