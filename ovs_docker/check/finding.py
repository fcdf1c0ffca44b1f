"""A finding: a stable code, what is wrong and what to do. The other modules here make them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Finding(NamedTuple):
    """`message` says what is wrong with the subject, `hint` what to do."""

    code: str
    message: str
    hint: str = ""

    @property
    def stopped(self) -> bool:
        """Whether it only says that the container does not run, which may be meant."""
        return self.code == STOPPED


STOPPED = "container-stopped"


class Checked(NamedTuple):
    """One subject of a check, which is fine without findings. `facts` are only in the JSON output."""

    subject: str
    facts: dict[str, Any]
    findings: Sequence[Finding] = ()

    def lines(self) -> list[str]:
        """Return a line for each finding, or one that says ok."""
        return [self._line(finding) for finding in self.findings] or [f"ok     {self.subject}"]

    def _line(self, finding: Finding) -> str:
        line = f"{'stopped' if finding.stopped else 'wrong '} {self.subject}: {finding.message}"
        return f"{line} ({finding.hint})" if finding.hint else line

    def data(self) -> dict[str, Any]:
        return {"subject": self.subject, **self.facts, "findings": [finding._asdict() for finding in self.findings]}
