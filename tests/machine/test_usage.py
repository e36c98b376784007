"""Wrong usage of the command line: in Chinese, exit code 2."""

import pytest

from config.cli import app


class TestWrongUsage:
    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["nope"], "没有这个命令"),
            (["content", "push"], "缺少参数 ID。"),
            (["content", "show", "x", "--nope"], "没有选项 --nope。"),
            (["content", "withdraw", "x", "--kind", "burn", "--reason", "r"], "选项 --kind 的值不对。"),
        ],
    )
    def test_is_said_in_chinese_with_exit_code_2(
        self, arguments: list[str], said: str, capfd: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as ended:
            app(arguments, prog_name="yizhan")
        assert ended.value.code == 2
        assert said in capfd.readouterr().err
