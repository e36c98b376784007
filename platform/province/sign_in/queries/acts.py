"""What the audit calls the acts of signing in."""

from province.audit.queries.acts import ActNames
from province.audit.queries.names import named_by
from province.sign_in.models import ApiToken, Factor, OidcClient

_SIGN_IN = ActNames(
    "登录",
    {
        "sign_in.sign_in": "登录",
        "sign_in.sign_out": "退出登录",
        "sign_in.sign_out_others": "退出其他设备",
        "sign_in.change_password": "修改密码",
        "sign_in.activate": "激活账号",
        "sign_in.add_totp": "绑定动态验证码",
        "sign_in.remove_totp": "解除动态验证码",
        "sign_in.add_passkey": "添加通行密钥",
        "sign_in.remove_passkey": "移除通行密钥",
        "sign_in.draw_recovery_codes": "生成恢复码",
        "sign_in.use_recovery_code": "使用恢复码",
        "sign_in.renew_proof": "再次验证身份",
        "sign_in.issue_token": "发放令牌",
        "sign_in.revoke_token": "收回令牌",
        "sign_in.add_client": "登记接入系统",
        "sign_in.change_client": "修改接入系统",
        "sign_in.rotate_client_secret": "更换接入系统密钥",
        "sign_in.revoke_client": "停用接入系统",
        "sign_in.enter_client": "登录接入系统",
    },
    objects={
        "token": "令牌",
        "client": "接入系统",
    },
    fields={
        "factor": "验证方式",
        "sessions": "登录数",
        "tokens_revoked": "收回的令牌",
        "scopes": "范围",
        "addresses": "允许的地址",
        "recovery_codes": "剩余恢复码",
        "redirect_uris": "回调地址",
        "post_logout_redirect_uris": "退出后返回的地址",
        "backchannel_logout_uri": "退出通知地址",
    },
    choices={("account", "factor"): Factor.choices},
    names={"client": named_by(OidcClient), "token": named_by(ApiToken)},
)

ACT_NAMES = (_SIGN_IN,)
