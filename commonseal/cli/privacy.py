"""`commonseal privacy`: grant a budget, ask a question out of it, list what is spent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from commonseal.cli.privacy_config import load_query
from commonseal.cli.show import OUT, show_json, show_table, working
from commonseal.cli.words import say
from commonseal.errors import BadInput
from commonseal.model import Text
from commonseal.privacy import Account, Answer, Ledger, Refusal, ask, exact, refusal_document
from commonseal.privacy.document import budget_document
from commonseal.privacy.ledger import decimal_text
from commonseal.source import open_table

SPENT = 3  # the exit code of a refusal

app = typer.Typer(
    help=say(
        "Answers with differential privacy, out of a budget.",
        "差分隐私查询：从隐私预算中支付。",
    ),
    no_args_is_help=True,
)

LedgerPath = Annotated[Path, typer.Argument(metavar="LEDGER", help=say("the ledger's file", "账本文件"))]
AsJson = Annotated[bool, typer.Option("--json", help=say("print one JSON document", "输出 JSON"))]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of", formats=["%Y-%m-%d"], help=say("the day that is recorded; today", "记录的日期；默认今天")
    ),
]


@app.command(help=say("Grant a recipient a budget on a dataset.", "就某数据集授予接收方隐私预算。"))
def grant(
    ledger: LedgerPath,
    dataset: Annotated[str, typer.Option(help=say("the dataset's name", "数据集名称"))],
    recipient: Annotated[str, typer.Option(help=say("who will ask", "查询方"))],
    epsilon: Annotated[str, typer.Option(help=say("the whole budget", "预算总额"))],
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Grant a budget; the ledger is made where there is none."""
    if not ledger.parent.is_dir():
        raise BadInput(
            Text(
                en=f"{ledger.parent}: no such folder; make it first",
                zh=f"{ledger.parent}：没有这个文件夹；请先建立",
            )
        )
    account = Ledger(ledger).grant(dataset, recipient, exact(epsilon), on=_day(as_of))
    if as_json:
        show_json({"dataset": dataset, "recipient": recipient, **budget_document(account)})
        return
    OUT.print(_budget(account), markup=False)


@app.command(
    help=say("Answer a question, or refuse it where the budget is spent.", "回答查询；预算用尽则拒绝。")
)
def query(
    config: Annotated[Path, typer.Argument(help=say("the question, YAML", "查询文件 YAML"))],
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Answer one question; the price is on disk before a row is counted."""
    asked = load_query(config)
    with working(say("counting", "统计中"), quiet=as_json):
        table = open_table(asked.table)
        told = ask(table.frame, asked.query, Ledger(asked.ledger), on=_day(as_of))
    if isinstance(told, Refusal):
        _refused(told, as_json)
        raise typer.Exit(SPENT)
    if as_json:
        show_json(told.document)
        return
    _show_answer(told)


@app.command("ledger", help=say("List what is spent and what is left.", "列出已用与剩余的预算。"))
def show_ledger(
    ledger: LedgerPath,
    answers: Annotated[
        bool, typer.Option("--answers", help=say("with every recorded answer", "附全部已记录的回答"))
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the accounts of a ledger."""
    book = Ledger(ledger)
    accounts = book.accounts()
    if as_json:
        told: dict[str, Any] = {
            "ledger": str(ledger),
            "head": book.head(),
            "accounts": [_account(account) for account in accounts],
            "datasets": _together(accounts),
        }
        if answers:
            told["answers"] = [_recorded(line) for line in book.answers()]
        show_json(told)
        return
    show_table(
        str(ledger),
        [
            say("dataset", "数据集"),
            say("recipient", "接收方"),
            say("granted", "授予"),
            say("spent", "已用"),
            say("left", "剩余"),
            say("questions", "查询数"),
        ],
        [
            (a.dataset, a.recipient, *map(decimal_text, (a.granted, a.spent, a.left)), a.questions)
            for a in accounts
        ],
    )
    if answers:
        for line in book.answers():
            OUT.print_json(data=_recorded(line))


def _refused(refusal: Refusal, as_json: bool) -> None:
    if as_json:
        show_json(refusal_document(refusal))
        return
    account, asked = refusal.account, decimal_text(refusal.asked)
    left, granted = decimal_text(account.left), decimal_text(account.granted)
    OUT.print(
        say(
            f"refused: the question costs epsilon {asked}; of the {granted} that {account.recipient} was "
            f"granted on {account.dataset}, {left} is left. Nothing was spent. Ask for less, or have more "
            "granted: commonseal privacy grant",
            f"拒绝回答：此查询需 epsilon {asked}；{account.recipient} 在 {account.dataset} 上获授 {granted}，"
            f"剩余 {left}。未扣减预算。请降低所需，或追加授予：commonseal privacy grant",
        ),
        markup=False,
    )


def _show_answer(told: Answer) -> None:
    of_query = told.document
    for statistic in of_query["statistics"]:
        name = f"{statistic['statistic']} {statistic['column'] or statistic['of']}, epsilon {statistic['epsilon']:g}"
        values = statistic["values"]
        groups = list(values[0]["group"])
        more = [key for key in ("bin", "at") if key in values[0]]
        off = "rank_accuracy_95" if "rank_accuracy_95" in values[0] else "accuracy_95"
        headings = [*groups, *more, say("value", "值"), say("off by at most, 95%", "误差至多（95%）")]
        if off == "rank_accuracy_95":
            headings[-1] = say("rows off in rank, 95%", "排位误差行数（95%）")
        show_table(
            name,
            headings,
            [
                (
                    *each["group"].values(),
                    *(each[key] for key in more),
                    f"{each['value']:.10g}",
                    f"{each[off]:.4g}",
                )
                for each in values
            ],
        )
    unit = of_query["privacy"]["unit"]
    OUT.print(
        say(
            f"epsilon {decimal_text(told.query.epsilon)} for one {unit} added or removed (pure differential privacy)",
            f"就增减一{'人' if unit == 'person' else '行'}而言 epsilon 为 {decimal_text(told.query.epsilon)}（纯差分隐私）",
        ),
        _budget(told.account),
        sep="\n",
        markup=False,
    )


def _budget(account: Account) -> str:
    granted, spent, left = map(decimal_text, (account.granted, account.spent, account.left))
    return say(
        f"{account.dataset}, {account.recipient}: granted {granted}, spent {spent}, left {left}",
        f"{account.dataset}，{account.recipient}：授予 {granted}，已用 {spent}，剩余 {left}",
    )


def _account(account: Account) -> dict[str, Any]:
    return {
        "dataset": account.dataset,
        "recipient": account.recipient,
        **budget_document(account),
        "questions": account.questions,
    }


def _together(accounts: tuple[Account, ...]) -> list[dict[str, Any]]:
    """Return what all recipients of a dataset spent: what they know if they pool their answers."""
    names = dict.fromkeys(account.dataset for account in accounts)
    return [
        {"dataset": name, "spent": float(sum(a.spent for a in accounts if a.dataset == name))}
        for name in names
    ]


def _recorded(line: Mapping[str, Any]) -> dict[str, Any]:
    return {"entry": line["entry"], "on": line["on"], "answer": line["answer"]}


def _day(as_of: datetime | None) -> date:
    return as_of.date() if as_of else date.today()
