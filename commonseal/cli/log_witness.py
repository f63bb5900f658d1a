"""`commonseal log witness`: make a witness's key and serve its cosignatures."""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Annotated

import typer

from commonseal.cli.show import OUT, show_json
from commonseal.cli.words import say
from commonseal.errors import BadInput, KeyFault
from commonseal.log.disk import Disk, disk_faults, write_durably
from commonseal.log.key import key_beside, key_text, load_signer, save_signer
from commonseal.log.witness import open_witness
from commonseal.log.witness_server import WitnessServer
from commonseal.model import Text
from commonseal.seal.note import COSIGNATURE, SignerKey, VerifierKey

app = typer.Typer(help=say("Cosign logs that only grow.", "为只增不改的日志签名见证。"), no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help=say("the witness's folder", "见证方文件夹"))]
KeyFile = Annotated[
    Path | None, typer.Option("--key", help=say("its signing key; default DIR.key", "签名私钥；默认 DIR.key"))
]


@app.command(
    help=say("Make a witness's folder, and its key beside it.", "建立见证方文件夹，并在其旁生成私钥。")
)
def init(
    directory: Folder,
    name: Annotated[
        str, typer.Option(help=say("its name, as witness.example/w1", "名称，如 witness.example/w1"))
    ],
    key: KeyFile = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("print JSON", "输出 JSON"))] = False,
) -> None:
    """Make a witness."""
    path = key or key_beside(directory)
    if path.exists():
        raise KeyFault(Text(en=f"{path}: a key is here already", zh=f"{path}：已有密钥"))
    signer = SignerKey(name, COSIGNATURE, secrets.token_bytes(32))
    vkey = signer.verifier.encode()
    with disk_faults(directory):
        directory.mkdir(parents=True, exist_ok=True)
        save_signer(Disk(), path, signer)
        write_durably(Disk(), directory / "witness.pub", f"{vkey}\n".encode())
    if as_json:
        return show_json({"directory": str(directory), "name": name, "witness_key": vkey})
    return OUT.print(
        say(f"witness key: {vkey}", f"见证公钥：{vkey}"), highlight=False, markup=False, soft_wrap=True
    )


@app.command(help=say("Serve cosignatures over HTTP until interrupted.", "以 HTTP 提供见证签名，直至中断。"))
def serve(
    directory: Folder,
    log: Annotated[
        list[str],
        typer.Option("--log", help=say("a log's public key or its file; repeat", "日志公钥或其文件；可重复")),
    ],
    listen: Annotated[str, typer.Option(help=say("address and port", "地址与端口"))] = "127.0.0.1:8470",
    key: KeyFile = None,
) -> None:
    """Serve a witness."""
    signer = load_signer(key or key_beside(directory), kind=COSIGNATURE)
    logs = [VerifierKey.parse(key_text(each) or "") for each in log]
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise BadInput(
            Text(en=f"--listen: got {listen}, expected HOST:PORT", zh=f"--listen：{listen} 应为 地址:端口")
        )
    with (
        open_witness(directory, signer, logs) as witness,
        disk_faults(Path(listen)),
        WitnessServer((host, int(port)), witness, clock=time.time) as server,
    ):
        where = f"http://{host}:{server.server_address[1]}"
        OUT.print(say(f"witness {signer.name} at {where}", f"见证方 {signer.name}：{where}"), markup=False)
        server.serve_forever()
