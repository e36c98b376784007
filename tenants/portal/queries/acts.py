"""What the audit calls the acts on a hall's own articles and columns."""

from province.audit.queries.acts import ActNames
from tenants.portal.models import Column
from tenants.portal.states import ArticleState, DraftState

_ARTICLES = ActNames(
    "本厅文章与栏目",
    {
        "portal.create_article": "新建文章",
        "portal.edit_article": "修改文章",
        "portal.move_article": "移到别的栏目",
        "portal.submit_article": "提交文章",
        "portal.recall_article": "撤回送审",
        "portal.pass_article_review": "审核通过",
        "portal.return_article": "退回修改",
        "portal.publish_article": "发布文章",
        "portal.pin_article": "调整置顶",
        "portal.withdraw_article": "撤下文章",
        "portal.restore_article": "恢复发布",
        "portal.break_lock": "解除编辑锁定",
        "portal.add_asset": "上传素材",
        "portal.add_column": "新建栏目",
        "portal.change_column": "修改栏目",
        "portal.move_column": "调整栏目次序",
        "portal.remove_column": "删除栏目",
        "portal.set_review_steps": "设置审核步骤",
        "portal.take_over": "接手文章",
    },
    objects={"article": "文章", "column": "栏目"},
    fields={
        "title": "标题",
        "step": "步骤",
        "locked_by_name": "正在编辑的人",
        "review_steps": "审核步骤",
        "order": "次序",
        "link_url": "链接",
        "is_visible": "显示",
        "articles": "文章数",
    },
    choices={
        ("article", "state"): ArticleState.choices,
        ("article", "step"): DraftState.choices,
        ("hall", "review_steps"): DraftState.choices,
        ("column", "kind"): Column.Kind.choices,
    },
)

ACT_NAMES = (_ARTICLES,)
