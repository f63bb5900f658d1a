"""Keys are made once, read only by their owner, and derived apart for every use."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from typer.testing import CliRunner

from commonseal.cli.key import app
from commonseal.errors import KeyFault
from commonseal.seal.keyfile import HEADER, derive, fingerprint, load_key, new_key

KEY = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "agreement.key"
    new_key(made, random=lambda size: KEY[:size])
    return made


def test_a_key_comes_back_as_it_was_made(path):
    assert load_key(path) == KEY
    assert path.read_text() == f"{HEADER} {base64.b64encode(KEY).decode()}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_keys_differ(tmp_path):
    new_key(tmp_path / "a")
    new_key(tmp_path / "b")
    assert load_key(tmp_path / "a") != load_key(tmp_path / "b")


@pytest.mark.parametrize("umask", [0o000, 0o777])
def test_the_umask_neither_opens_nor_closes_it(tmp_path, umask):
    before = os.umask(umask)
    try:
        new_key(tmp_path / "k")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) == 0o600


def test_a_key_is_never_overwritten(path, tmp_path):
    with pytest.raises(KeyFault, match="never overwritten"):
        new_key(path)
    assert load_key(path) == KEY
    dangling = tmp_path / "link"
    dangling.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyFault):
        new_key(dangling)
    assert not (tmp_path / "elsewhere").exists()


def test_nothing_is_left_where_it_cannot_be_written(tmp_path):
    with pytest.raises(KeyFault, match="name an existing"):
        new_key(tmp_path / "missing" / "k")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o610, 0o644])
def test_a_file_that_others_can_reach_is_refused(path, mode):
    path.chmod(mode)
    with pytest.raises(KeyFault, match=f"{mode:04o}.*chmod 600") as fault:
        load_key(path)
    assert "权限" in fault.value.message.zh


def test_a_link_is_refused(path, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(path)
    with pytest.raises(KeyFault, match="symbolic link"):
        load_key(link)


def test_what_is_no_plain_file_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)
    for place in (tmp_path, tmp_path / "pipe", tmp_path / "missing"):
        with pytest.raises(KeyFault):
            load_key(place)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_is_refused(path):
    os.chown(path, 12345, -1)
    with pytest.raises(KeyFault, match="owned by user 12345"):
        load_key(path)


GOOD = base64.b64encode(KEY).decode()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        GOOD,
        f"commonseal-key-v2 {GOOD}\n",
        f"{HEADER}\n",
        f"{HEADER} \n",
        f"{HEADER} {GOOD[:-4]}\n",
        f"{HEADER} {GOOD} x\n",
        f"{HEADER}  {GOOD}\n",
        f"{HEADER} {GOOD}\n\n",
        f"{HEADER} {GOOD[:-1]}!\n",
        f"# note\n{HEADER} {GOOD}\n",
        f"{HEADER} {GOOD}\r\n",
        "密钥\n",
        f"{HEADER} {'A' * 400}\n",
    ],
)
def test_another_form_is_refused_and_not_repeated(path, content):
    path.write_bytes(content.encode())
    with pytest.raises(KeyFault, match="not a key") as fault:
        load_key(path)
    assert GOOD[:12] not in fault.value.message.en + fault.value.message.zh


def test_derived_keys_differ_by_purpose_and_context():
    uses = [("pseudonym", "a"), ("pseudonym", "b"), ("marks", "a"), ("pseudonym", ""), ("pseudonyma", "")]
    made = {derive(KEY, purpose, context=context) for purpose, context in uses}
    assert len(made) == len(uses)
    assert all(len(key) == 32 for key in made)
    assert KEY not in made


def test_derivation_is_hkdf_as_written_down():
    pseudorandom = hmac.digest(bytes(32), KEY, "sha256")  # RFC 5869, 2.2: no salt is 32 zeros
    info = f"{HEADER}\0pseudonym\0协议-1".encode()
    expected = HKDFExpand(algorithm=SHA256(), length=32, info=info).derive(pseudorandom)
    assert derive(KEY, "pseudonym", context="协议-1") == expected


@pytest.mark.parametrize(
    ("key", "purpose", "context"),
    [(b"", "p", ""), (bytes(31), "p", ""), (KEY, "", "c"), (KEY, "p\0", "c"), (KEY, "p", "c\0")],
)
def test_a_use_that_could_be_confused_is_refused(key, purpose, context):
    with pytest.raises(KeyFault, match="cannot derive"):
        derive(key, purpose, context=context)


def test_a_fingerprint_names_a_key_and_tells_nothing_of_it():
    assert fingerprint(KEY) == fingerprint(bytes(KEY))
    assert fingerprint(KEY) != fingerprint(bytes(32))
    assert len(fingerprint(KEY)) == 32
    assert fingerprint(KEY) not in hashlib.sha256(KEY).hexdigest()


def test_the_command_makes_a_key_and_shows_its_fingerprint(tmp_path):
    path = tmp_path / "新.key"
    made = CliRunner().invoke(app, ["new", str(path)])
    mark = fingerprint(load_key(path))
    assert made.exit_code == 0
    assert mark in made.stdout
    shown = CliRunner().invoke(app, ["show", str(path), "--json"])
    assert json.loads(shown.stdout) == {"path": str(path), "fingerprint": mark}
    secret = path.read_text().split()[1]
    assert secret not in made.stdout + shown.stdout


def test_the_command_prints_only_json_where_json_is_asked_for(tmp_path):
    made = CliRunner().invoke(app, ["new", str(tmp_path / "k"), "--json"])
    assert set(json.loads(made.stdout)) == {"path", "fingerprint"}


def test_the_command_does_not_overwrite(path):
    made = CliRunner().invoke(app, ["new", str(path)])
    assert isinstance(made.exception, KeyFault)
    assert load_key(path) == KEY
