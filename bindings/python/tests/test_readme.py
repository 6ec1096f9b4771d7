"""Every block of the README, run as it stands: the code with its output, and the commands with theirs."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from conftest import ROOT, Answer, Server

README = (ROOT / "bindings/python/README.md").read_text("utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.M | re.S)


def test_the_code_does_what_it_says(server: Server) -> None:
    server.answers(Answer(200, {"ok": True}, {"Content-Type": "application/json"}))
    names: dict[str, Any] = {"url": server.url, "note": {"Meta": {"DataModel": "Notes"}}}
    said = ""
    count = 0
    for language, text in BLOCKS:
        if language == "python":
            count += 1
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                exec(compile(text, f"<block {count} of the README>", "exec"), names)
            said = output.getvalue()
        elif language == "text":
            assert said == text, f"block {count}"
    assert count == 17
    assert len(server.seen) == 5


def test_the_commands_say_what_they_say() -> None:
    count = 0
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for language, text in BLOCKS:
        if language != "console":
            continue
        for command, expected in re.findall(r"^\$ (.*)\n((?:[^$].*\n)*)", text, re.M):
            count += 1
            found = subprocess.run(command, shell=True, capture_output=True, text=True, env={**os.environ, "PATH": path})
            assert found.stdout == expected and not found.stderr, command
    assert count == 2


def test_no_block_is_left_out() -> None:
    others = [text for language, text in BLOCKS if language not in ("python", "text", "console")]
    # How the tests of the module begin, and what takes too long for one; the step of the tests and the commands
    # themselves run them.
    long = ["cargo xtask bench python\n", "cargo xtask python spark\n"]
    assert others == ["pip install ./bindings/python\n", *long]
