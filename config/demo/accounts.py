"""The demo's registered new-media accounts: filed, one being changed, one closed. Nothing is sent to them."""

from django.db import transaction

from config.demo.people import COUNTY_CODE, TOWNSHIP_CODE
from province.content.models import MediaAccount
from province.content.operations.accounts import change_account, close_account, file_account
from province.rights.actors import Actor

_ACCOUNTS = (
    (COUNTY_CODE, "wechat", "当阳政务服务", "dangyang-zwfw", "当阳市政务服务和大数据管理局", "2024-03-18"),
    (COUNTY_CODE, "douyin", "当阳发布", "dangyang-fabu", "当阳市融媒体中心", "2023-11-02"),
    (COUNTY_CODE, "weibo", "当阳人社", "dangyang-renshe", "当阳市人力资源和社会保障局", "2022-06-30"),
    (TOWNSHIP_CODE, "wechat", "美丽河溶", "meili-herong", "当阳市河溶镇人民政府", "2025-01-15"),
    ("420582101000", "kuaishou", "两河镇微视", "lianghe-weishi", "当阳市两河镇人民政府", "2023-08-21"),
)


def file_accounts(by: Actor) -> None:
    """Register the demo's media accounts (新媒体账号); those that are there already are left as they are."""
    for code, platform, name, external_id, owner, filed_on in _ACCOUNTS:
        if MediaAccount.objects.filter(platform=platform, external_id=external_id).exists():
            continue
        with transaction.atomic():
            account = file_account(
                by=by,
                code=code,
                platform=platform,
                name=name,
                external_id=external_id,
                owner=owner,
                filing_number=f"鄂新媒备{filed_on[:4]}{len(external_id):02d}号",
                filed_on=filed_on,
                contact_name="办公室",
                contact_phone="0717-3222345",
            )
            if platform == "weibo":
                change_account(by=by, account=account, contact_phone="0717-3222399")
            if platform == "kuaishou":
                close_account(by=by, account=account, reason="账号长期不更新，按集约化要求并入“当阳发布”。")
