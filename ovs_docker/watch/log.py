"""The log of watch: a line for journald, or one JSON object per line for programs."""

import json
import sys
from datetime import datetime, timezone

from ovs_docker.errors import printable

_LONGEST = 1000  # letters of a message


class Log:
    """Writes to stdout; a line with a warning begins with `warning:`, and `quiet` leaves only warnings."""

    def __init__(self, as_json: bool, quiet: bool) -> None:
        self.as_json = as_json
        self.quiet = quiet

    def info(self, message: str) -> None:
        if not self.quiet:
            self._write("info", message)

    def warning(self, message: str) -> None:
        self._write("warning", message)

    def _write(self, level: str, message: str) -> None:
        if len(message) > _LONGEST:  # a label may have megabytes; the hint is at the end
            message = f"{message[: _LONGEST // 2]} … {message[-_LONGEST // 2 :]}"
        if self.as_json:
            time = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
            line = json.dumps({"time": time, "level": level, "message": message})
        else:
            line = printable(f"warning: {message}" if level == "warning" else message)
        try:
            print(line, file=sys.stdout, flush=True)
        except BrokenPipeError:
            raise
        except OSError:
            pass  # closed, or a full disk: the ports matter more than the log
