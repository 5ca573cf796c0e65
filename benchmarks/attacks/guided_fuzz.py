"""Files that atheris changes, and changes on where a change reached code that none had reached before."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from benchmarks.attacks.outcome import Outcome
from tests.support.fuzz_inputs import CRUMBS, make_seeds
from tests.support.scrapy_running import ROOT

_LONGEST = 64  # bytes of a word of libFuzzer's dictionaries
_WEIGHT = 60_000  # bytes of a file


def attack(folder: Path, number: int, seed: int) -> Outcome:
    """Read `number` files, of which the first are one of each kind; `guided_reader` does it.

    atheris is in no lock file, for it is built for few versions of Python.
    """
    if find_spec("atheris") is None:
        return Outcome("guided_fuzz", lines=["not done without atheris: .venv/bin/pip install atheris"])
    inputs, words, found = folder / "inputs", folder / "words", folder / "found.json"
    inputs.mkdir(parents=True)
    for kind, data in enumerate(make_seeds().values()):
        (inputs / f"{kind}").write_bytes(bytes([kind]) + data)
    escaped = ("".join(f"\\x{byte:02x}" for byte in crumb) for crumb in CRUMBS if 0 < len(crumb) <= _LONGEST)
    words.write_text("".join(f'"{word}"\n' for word in escaped), "ascii")
    options = [f"-runs={number}", f"-seed={seed}", f"-max_len={_WEIGHT}", f"-dict={words}", "-timeout=600"]
    options.append(f"-artifact_prefix={folder}/")  # not into the checkout
    command = [sys.executable, "-m", "benchmarks.attacks.guided_reader", str(found), *options, str(inputs)]
    done = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
    outcome = Outcome(**json.loads(found.read_text("utf-8"))) if found.exists() else Outcome("guided_fuzz")
    outcome.note("tracebacks", done.returncode, f"exit code {done.returncode}: {done.stderr[-300:]}")
    return outcome
