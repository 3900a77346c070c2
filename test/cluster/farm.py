"""A scheduler and workers of Dask's in processes of their own."""

import json
import os
import subprocess
import sys
import time


class Farm:
    """folder: of their own; workers: how many; threads: of each. `address` is the scheduler's."""

    def __init__(self, folder, workers, threads=1):
        self.folder, self.threads = folder, threads
        self.scheduler = self.start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", folder / "scheduler.json"
        )
        self.workers = [self.worker(number) for number in range(workers)]
        limit = time.monotonic() + 60
        while not (folder / "scheduler.json").exists():
            assert time.monotonic() < limit
            time.sleep(0.1)
        self.address = json.loads((folder / "scheduler.json").read_text())["address"]

    def start(self, *words):
        with open(self.folder / "log", "a") as log:
            command = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *map(str, words[1:])]
            environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "false"}
            return subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)

    def worker(self, number):
        own = self.folder / f"worker{number}"
        own.mkdir(exist_ok=True)
        words = ["--scheduler-file", self.folder / "scheduler.json", "--nthreads", self.threads, "--no-nanny", "--no-dashboard"]
        return self.start("worker", *words, "--local-directory", own)

    def close(self):
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()
