"""Steps that write down what is done with them, and can fail, or send this process a signal, while they do it."""

import os
import time
from collections.abc import Sequence
from contextlib import nullcontext

from ovs_docker.apply.runner import Step
from ovs_docker.signals import waiting
from ovs_docker.world import World


class Recorded(Step):
    """Logs `do NAME`, `done NAME` and `undo NAME`."""

    def __init__(
        self,
        name: str,
        log: list[str],
        *,
        fails: BaseException | None = None,
        undo_fails: BaseException | None = None,
        interruptible: bool = False,
        signals: Sequence[int] = (),
        undo_signals: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.log = log
        self.fails = fails
        self.undo_fails = undo_fails
        self.interruptible = interruptible
        self.signals = signals
        self.undo_signals = undo_signals

    def describe(self) -> list[str]:
        return [f"sentence of {self.name}"]

    def do(self, world: World) -> None:
        self._run("do", self.signals, self.fails)
        self.log.append(f"done {self.name}")

    def undo(self, world: World) -> None:
        self._run("undo", self.undo_signals, self.undo_fails)

    def _run(self, what: str, signals: Sequence[int], failure: BaseException | None) -> None:
        self.log.append(f"{what} {self.name}")
        with waiting() if self.interruptible else nullcontext():
            for number in signals:
                os.kill(os.getpid(), number)
                time.sleep(0.001)  # time for Python to call the handler
        if failure:
            raise failure
