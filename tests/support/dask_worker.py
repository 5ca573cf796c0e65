"""A worker of Dask in a process of its own: `python -m tests.support.dask_worker tcp://127.0.0.1:8786`."""

from __future__ import annotations

import asyncio
import sys

from distributed import Worker


async def _work(address: str) -> None:
    async with Worker(address, nthreads=1, dashboard=False) as worker:
        await worker.finished()


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1]))
