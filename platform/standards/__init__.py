"""National standards as code: what holds everywhere, for every hall and every app.

``items``: elements, codes and code lists of 政务服务事项, their files (``items.exchange``) and their flow chart
(``items.flowchart``); ``items.audit`` finds laws that were repealed, and texts that stand alike. ``numbers``:
居民身份证号, 统一社会信用代码, 区划代码, telephone numbers, 大写金额. ``workdays``: 工作日. ``forms``: what a form
(表单) is, its types of fields, conditions and computed values. Room is kept for ``documents`` (公文格式).

Knows no row, no model, no setting: what differs from province to province comes in as a value.
"""
