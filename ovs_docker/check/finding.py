"""What a check says: findings about one subject, each with a stable code, what is wrong and what to do.

What is looked at is the other modules' here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Finding(NamedTuple):
    """Something wrong: `message` goes on where the subject ends, `hint` is the next move."""

    code: str
    message: str
    hint: str = ""


class Checked(NamedTuple):
    """One subject that was looked at; without findings it is well. `facts` are what JSON tells of it."""

    subject: str
    facts: dict[str, Any]
    findings: Sequence[Finding] = ()

    def lines(self) -> list[str]:
        """Say it to people, one line for each finding."""
        if not self.findings:
            return [f"ok     {self.subject}"]
        hints = (f" ({finding.hint})" if finding.hint else "" for finding in self.findings)
        return [f"wrong  {self.subject}: {finding.message}{hint}" for finding, hint in zip(self.findings, hints)]

    def data(self) -> dict[str, Any]:
        """Return what JSON carries."""
        return {"subject": self.subject, **self.facts, "findings": [finding._asdict() for finding in self.findings]}
