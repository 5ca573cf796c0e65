"""The memory and the CPU time of other processes, as Linux tells them in /proc."""

from __future__ import annotations

import os
import re
from pathlib import Path


def read_memory(process: int, figure: str = "VmHWM") -> int:
    """Read a figure of a process's memory in MB, by default its highest; 0 where it is over."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    found = re.search(rf"{figure}:\s+(\d+)", status)
    return int(found[1]) // 1024 if found else 0


def read_cpu_seconds(process: int) -> float:
    """Read the CPU time of a process so far; 0 where it is over."""
    try:
        spent = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")
