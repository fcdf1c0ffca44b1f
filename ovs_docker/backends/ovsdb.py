"""A conversation with an OVSDB server (RFC 7047): transactions, locks, values. What is said in it is transactions.py's.

The IDL is not used: it would first copy whole tables, 1.2 s at 10,000 ports; a select costs 1 ms.
"""

import json
from typing import Any, Protocol

from ovs_docker.deadline import Deadline
from ovs_docker.errors import OvsdbMissing, OvsdbRefused, TimedOut, WorldChanged

Op = dict[str, Any]
Row = dict[str, Any]

_SERVER = "the database (ovsdb-server)"


class Channel(Protocol):
    """A byte stream to the server."""

    def send(self, data: bytes, timeout: float | None) -> None: ...

    def receive(self, timeout: float | None) -> bytes:
        """Return some bytes, b"" at the end of the stream; raise TimeoutError."""
        ...


class Ovsdb:
    """One session. Locks taken in it are the server's to release when the session ends, however it ends."""

    def __init__(self, channel: Channel, deadline: Deadline, database: str = "Open_vSwitch") -> None:
        self._channel = channel
        self._deadline = deadline
        self._database = database
        self._buffer = b""
        self._decoder = json.JSONDecoder()
        self._last_id = 0
        self._granted: set[str] = set()

    def transact(self, ops: list[Op], waiting_for: str = _SERVER) -> list[dict[str, Any]]:
        """Run the operations as one transaction; return one result each.

        Raises WorldChanged where a `wait` operation does not hold, OvsdbRefused for any other error.
        """
        results: list[dict[str, Any]] = self._call("transact", [self._database, *ops], waiting_for)
        for index, result in enumerate(results):
            if result and "error" in result:
                raise _refused(result, ops[index] if index < len(ops) else {})
        return results

    def rows(self, ops: list[Op]) -> list[list[Row]]:
        """Run `select` operations; return the rows of each."""
        return [result["rows"] for result in self.transact(ops)] if ops else []

    def lock(self, name: str) -> bool:
        """Take a lock, waiting for its holder to let go; return whether it was free at once."""
        if name in self._granted:
            return True
        if self._call("lock", [name], _SERVER)["locked"]:
            self._granted.add(name)
            return True
        while name not in self._granted:
            self._handle(self._receive("another ovs-docker that attaches the same interface"))
        return False

    def wait_for_the_end(self) -> None:
        """Serve the server's keep-alive probes until it ends the connection."""
        try:
            while True:
                self._handle(self._receive(_SERVER))
        except OvsdbMissing:
            return

    def _call(self, method: str, params: list[Any], waiting_for: str) -> Any:
        self._last_id += 1
        request = json.dumps({"method": method, "params": params, "id": self._last_id})
        self._channel.send(request.encode(), self._deadline.left(waiting_for))
        while True:
            message = self._receive(waiting_for)
            if message.get("id") == self._last_id and "method" not in message:
                if message.get("error"):
                    raise OvsdbRefused(f"the database refused {method}: {message['error']}")
                return message["result"]
            self._handle(message)

    def _handle(self, message: dict[str, Any]) -> None:
        """Serve what the server says unasked: keep-alive probes and granted locks."""
        if message.get("method") == "echo":
            answer = json.dumps({"result": message["params"], "error": None, "id": message["id"]})
            self._channel.send(answer.encode(), self._deadline.left(_SERVER))
        elif message.get("method") == "locked":
            self._granted.update(message["params"])

    def _receive(self, waiting_for: str) -> dict[str, Any]:
        """Return the next message; messages follow one another without a separator."""
        while True:
            if self._buffer.endswith((b"}", b"}\n")):
                text = self._buffer.decode()
                try:
                    message, end = self._decoder.raw_decode(text)
                except ValueError:
                    pass
                else:
                    self._buffer = text[end:].lstrip().encode()
                    return dict(message)
            self._buffer += self._read(waiting_for)

    def _read(self, waiting_for: str) -> bytes:
        try:
            data = self._channel.receive(self._deadline.left(waiting_for))
        except TimeoutError:
            raise TimedOut(
                f"gave up after {self._deadline.seconds:g} s waiting for {waiting_for}", "--timeout=SECS allows more"
            ) from None
        if not data:
            raise OvsdbMissing("the database (ovsdb-server) closed the connection", "is it being restarted?")
        return data


def _refused(result: dict[str, Any], op: Op) -> OvsdbRefused | WorldChanged:
    if result["error"] == "timed out" and op.get("op") == "wait":
        return WorldChanged(f"{op['table']} rows changed meanwhile", "try again")
    return OvsdbRefused(f"the database refused the change: {result.get('details') or result['error']}")


def atoms(value: Any) -> list[Any]:
    """Return the elements of a column that holds a set: OVSDB writes a set of one as the bare atom."""
    if isinstance(value, list) and value and value[0] == "set":
        return list(value[1])
    return [value]


def one(value: Any) -> Any:
    """Return an optional column's element, or None."""
    found = atoms(value)
    return found[0] if found else None


def uuids(value: Any) -> list[str]:
    """Return the row ids in a reference column."""
    return [pair[1] for pair in atoms(value)]


def pairs(value: Any) -> dict[str, str]:
    """Return a map column as a dict."""
    return dict(value[1])
