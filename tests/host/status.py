"""How a process ended, in the shell's terms.

Starting and waiting live with those who start and wait.
"""

import os


def exit_status(wait_status: int) -> int:
    """Turn what waitpid returned into the number a shell would show: 128 + N after signal N."""
    code = os.waitstatus_to_exitcode(wait_status)
    return code if code >= 0 else 128 - code
