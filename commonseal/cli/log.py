"""`commonseal log`: make the transparency log, append to it, prove and verify; run a witness."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from commonseal.cli.log_witness import app as witness_app
from commonseal.cli.show import ERR, OUT, show_json, working
from commonseal.cli.words import read, say
from commonseal.errors import BadInput
from commonseal.log import (
    Receipt,
    WitnessPolicy,
    addresses,
    create_log,
    load_policy,
    open_log,
    read_log,
    verify_receipt,
)
from commonseal.log.key import key_text
from commonseal.log.tiles import MAX_ENTRY
from commonseal.model import Text
from commonseal.seal.note import base64_text

app = typer.Typer(
    help=say("The transparency log: append, prove, verify, witness.", "透明日志：追加、出证、核验、见证。"),
    no_args_is_help=True,
)
app.add_typer(witness_app, name="witness")

Folder = Annotated[Path, typer.Argument(metavar="DIR", help=say("the log's folder", "日志文件夹"))]
KeyFile = Annotated[
    Path | None, typer.Option("--key", help=say("the signing key; default DIR.key", "签名私钥；默认 DIR.key"))
]
AsJson = Annotated[bool, typer.Option("--json", help=say("print one JSON document", "输出 JSON"))]
LogKey = Annotated[
    str | None,
    typer.Option(
        "--log-key", help=say("the log's public key (vkey), or its file", "日志公钥（vkey）或其文件")
    ),
]
Policy = Annotated[
    Path | None,
    typer.Option("--witness-policy", help=say("a c2sp.org/tlog-policy file", "c2sp.org/tlog-policy 文件")),
]


@app.command(
    help=say("Make an empty log in DIR and its key beside it.", "在 DIR 建立空日志，并在其旁生成私钥。")
)
def init(
    directory: Folder,
    origin: Annotated[
        str, typer.Option(help=say("the log's name, as city.example/log", "日志名称，如 city.example/log"))
    ],
    key: KeyFile = None,
    as_json: AsJson = False,
) -> None:
    """Make an empty log."""
    vkey = create_log(directory, origin=origin, key_path=key)
    if as_json:
        return show_json({"directory": str(directory), "origin": origin, "log_key": vkey})
    return _lines(
        (say("log key", "日志公钥"), vkey), (say("give it to", "请交给"), say("verifiers", "核验者"))
    )


@app.command(help=say("Append files, or the lines of standard input.", "追加文件，或标准输入的各行。"))
def append(
    directory: Folder,
    files: Annotated[
        list[Path] | None, typer.Argument(help=say("each file one entry", "每个文件为一个条目"))
    ] = None,
    receipts: Annotated[
        Path | None, typer.Option(help=say("write INDEX.tlog-proof here", "把 INDEX.tlog-proof 写到此处"))
    ] = None,
    key: KeyFile = None,
    policy: Policy = None,
    as_json: AsJson = False,
) -> None:
    """Append entries under one checkpoint."""
    entries = [_entry(path) for path in files] if files else _stdin_lines()
    witnesses = addresses(load_policy(policy)) if policy else ()
    with working(say("appending", "追加中"), quiet=as_json):
        with open_log(directory, key_path=key, witnesses=witnesses) as log:
            made = log.append(entries, at=int(time.time()))
            size, root, outages = log.size, log.root, log.outages
        if receipts:
            _write_receipts(receipts, made)
    for outage in outages:
        ERR.print(say("no cosignature by", "未获见证："), outage.witness, read(outage.why), markup=False)
    indexes = [receipt.index for receipt in made]
    if as_json:
        silent = [outage.witness for outage in outages]
        answer = {"indexes": indexes, "size": size, "root": base64_text(root), "without_cosignature": silent}
        return show_json(answer)
    span = f"{indexes[0]}–{indexes[-1]}" if indexes else "–"
    return _lines(
        (say("entries", "条目"), span), (say("size", "大小"), size), (say("root", "根"), root.hex())
    )


@app.command(
    help=say("Print the published checkpoint, its signature verified.", "显示已发布的检查点（验签后）。")
)
def checkpoint(directory: Folder, log_key: LogKey = None, as_json: AsJson = False) -> None:
    """Print the checkpoint."""
    reader = read_log(directory, vkey=key_text(log_key))
    head, note = reader.checkpoint(), reader.note()
    if as_json:
        signers = [signature.name for signature in note.signatures]
        answer = {
            "origin": head.origin,
            "size": head.size,
            "root": base64_text(head.root),
            "signers": signers,
        }
        return show_json(answer)
    sys.stdout.write(note.encode().decode())
    return None


@app.command(help=say("Prove an entry, or that the log only grew.", "证明某条目在内，或证明日志只增不改。"))
def prove(
    directory: Folder,
    index: Annotated[
        int | None, typer.Option(help=say("the entry's number, from 0", "条目序号，自 0 起"))
    ] = None,
    old: Annotated[int | None, typer.Option(help=say("the older size", "旧的大小"))] = None,
    new: Annotated[
        int | None, typer.Option(help=say("the newer size; default now", "新的大小；默认当前"))
    ] = None,
    log_key: LogKey = None,
    as_json: AsJson = False,
) -> None:
    """Print a receipt (--index), or a consistency proof (--old, --new)."""
    reader = read_log(directory, vkey=key_text(log_key))
    if (index is None) == (old is None):
        raise BadInput(Text(en="give either --index or --old", zh="请给出 --index 或 --old 之一"))
    if old is not None:
        later = reader.checkpoint().size if new is None else new
        proof = [base64_text(each) for each in reader.consistency_proof(old, later)]
        roots = [base64_text(reader.root_at(size)) for size in (old, later)]
        answer = {"old": old, "new": later, "old_root": roots[0], "new_root": roots[1], "proof": proof}
        return show_json(answer) if as_json else _lines(*answer.items())
    receipt = reader.receipt(index or 0)
    if as_json:
        hashes = [base64_text(each) for each in receipt.proof]
        answer = {"index": receipt.index, "proof": hashes, "checkpoint": receipt.checkpoint}
        return show_json({**answer, "receipt": receipt.to_text()})
    sys.stdout.write(receipt.to_text())
    return None


@app.command(
    help=say("Verify a whole log (DIR), or a receipt with its entry.", "核验整个日志，或回执与其条目。")
)
def verify(
    target: Annotated[
        Path, typer.Argument(metavar="DIR|RECEIPT", help=say("a folder or receipt", "文件夹或回执"))
    ],
    entry: Annotated[
        Path | None, typer.Option(help=say("the receipt's entry, a file", "回执所证条目的文件"))
    ] = None,
    log_key: LogKey = None,
    policy: Policy = None,
    as_json: AsJson = False,
) -> None:
    """Verify a folder or a receipt; exit 4 where it does not hold."""
    rules = load_policy(policy) if policy else None
    if target.is_dir():
        with working(say("verifying", "核验中"), quiet=as_json):
            answer = _verify_folder(target, key_text(log_key), rules)
    else:
        answer = _verify_receipt(target, entry, key_text(log_key), rules)
    if as_json:
        return show_json({"holds": True, **answer})
    return _lines((say("holds", "成立"), "✓"), *answer.items())


def _verify_folder(folder: Path, vkey: str | None, policy: WitnessPolicy | None) -> dict[str, object]:
    reader = read_log(folder, vkey=vkey)
    if policy:
        policy.check(reader.note(), reader.key)
    trust = "--log-key" if vkey else "log.pub"
    return {"size": reader.verify(), "log_key": reader.key.encode(), "key_from": trust}


def _verify_receipt(
    path: Path, entry: Path | None, vkey: str | None, policy: WitnessPolicy | None
) -> dict[str, object]:
    if entry is None or vkey is None:
        en, zh = "a receipt needs --entry and --log-key to be verified", "核验回执需给出 --entry 与 --log-key"
        raise BadInput(Text(en=f"{path}: {en}", zh=f"{path}：{zh}"))
    receipt = Receipt.load(path)
    verify_receipt(receipt, _entry(entry), vkey=vkey, witness_policy=policy)
    return {"index": receipt.index, "log_key": vkey}


def _entry(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_ENTRY + 1)
    except OSError as fault:
        raise BadInput(Text(en=f"{path}: {fault.strerror}", zh=f"{path}：无法读取")) from fault
    if len(data) > MAX_ENTRY:
        en = f"{path}: larger than an entry may be, {MAX_ENTRY} bytes; append its hash instead"
        raise BadInput(Text(en=en, zh=f"{path}：超过条目上限 {MAX_ENTRY} 字节；请改存其哈希"))
    return data


def _stdin_lines() -> list[bytes]:
    lines: list[bytes] = []
    while line := sys.stdin.buffer.readline(MAX_ENTRY + 2):
        lines.append(line.removesuffix(b"\n"))
    return lines


def _write_receipts(folder: Path, receipts: tuple[Receipt, ...]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for receipt in receipts:
        path = folder / f"{receipt.index}.tlog-proof"
        beside = path.with_suffix(".tmp")
        beside.write_text(receipt.to_text(), encoding="utf-8")
        beside.replace(path)


_LABELS = {  # of the keys that --json prints, for people
    "size": say("size", "大小"),
    "index": say("index", "序号"),
    "log_key": say("log key", "日志公钥"),
    "key_from": say("key from", "公钥来自"),
    "old": say("old size", "旧的大小"),
    "new": say("new size", "新的大小"),
    "old_root": say("old root", "旧的根"),
    "new_root": say("new root", "新的根"),
    "proof": say("proof", "证明"),
}


def _lines(*pairs: tuple[str, object]) -> None:
    for name, value in pairs:
        shown = "\n  ".join(["", *value]) if isinstance(value, list) else value
        OUT.print(f"{_LABELS.get(name, name)}: {shown}", highlight=False, markup=False, soft_wrap=True)
