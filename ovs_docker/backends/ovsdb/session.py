"""A conversation with an OVSDB server (RFC 7047): transactions, locks, values.

The IDL is not used: it would first copy whole tables, 1.2 s at 10,000 ports; a select costs 1 ms.
"""

import json
from collections import deque
from typing import Any, Protocol

from ovs_docker.backends.ovsdb.answers import checked, nonsense
from ovs_docker.deadline import Deadline
from ovs_docker.errors import OvsdbMissing, OvsdbRefused, TimedOut, WorldChanged

Op = dict[str, Any]
Row = dict[str, Any]

_SERVER = "the database (ovsdb-server)"
_LONGEST = 256 << 20  # bytes of a message: 100,000 ports take half of that
_SAID = 500  # letters of what the server says in an error


class Channel(Protocol):
    """A byte stream to the server at `target`, as --db has it."""

    target: str

    def send(self, data: bytes, timeout: float | None) -> None: ...

    def receive(self, timeout: float | None) -> bytes:
        """Return some bytes, b"" at the end of the stream; raise TimeoutError."""
        ...

    def close(self) -> None: ...


class Ovsdb:
    """One session. Locks taken in it are the server's to release when the session ends, however it ends."""

    def __init__(self, channel: Channel, deadline: Deadline, database: str = "Open_vSwitch") -> None:
        self._channel = channel
        self._deadline = deadline
        self._database = database
        self._buffer = bytearray()
        self._spoken = False
        self._decoder = json.JSONDecoder()
        self._messages: deque[dict[str, Any]] = deque()
        self._last_id = 0
        self._asked: dict[int, list[Op]] = {}
        self._answers: dict[int, dict[str, Any] | None] = {}
        self._lock = ""
        self.granted: set[str] = set()

    def turn_to(self, database: str, deadline: Deadline) -> None:
        """Talk about another database of the same server from now on, within another time."""
        self._database, self._deadline = database, deadline

    def transact(self, ops: list[Op], waiting_for: str = _SERVER) -> list[dict[str, Any]]:
        """Run the operations as one transaction; return one result each.

        Raises WorldChanged where a `wait` operation does not hold, OvsdbRefused for any other error.
        """
        return self.results(self.begin(ops, waiting_for), waiting_for)

    def begin(self, ops: list[Op], waiting_for: str = _SERVER) -> int:
        """Send a transaction, so that the server works on it while we do something else; results() has its answer."""
        number = self._send("transact", [self._database, *ops], waiting_for)
        self._asked[number] = ops
        return number

    def results(self, number: int, waiting_for: str = _SERVER) -> list[dict[str, Any]]:
        """Return what transact() does, for a transaction that was begun."""
        ops = self._asked.pop(number)
        results = self._answer(number, "transact", waiting_for)
        if not isinstance(results, list):
            raise nonsense("no list of results")
        for index, result in enumerate(results):
            if isinstance(result, dict) and "error" in result:
                raise _refused(result, ops[index] if index < len(ops) else {})
        checked(ops, results)
        return results

    def rows(self, ops: list[Op]) -> list[list[Row]]:
        """Run `select` operations; return the rows of each."""
        return [result["rows"] for result in self.transact(ops)] if ops else []

    def databases(self) -> list[str]:
        """Return the names of the databases that the server has opened."""
        names = self._call("list_dbs", [], _SERVER)
        return list(map(str, names)) if isinstance(names, list) else []

    def lock(self, name: str) -> bool:
        """Take a lock, waiting for its holder to let go; return whether it was free at once."""
        if name in self.granted:
            return True
        self._lock = name
        answer = self._call("lock", [name], _SERVER)
        if not isinstance(answer, dict):
            raise nonsense("neither a lock nor none")
        if answer.get("locked") is True:
            self.granted.add(name)
            return True
        while name not in self.granted:
            self._handle(self._receive("another ovs-docker that attaches the same interface"))
        return False

    def unlock(self, *names: str) -> None:
        """Let go of locks before the session ends, as far as they are held."""
        for name in sorted(self.granted.intersection(names)):
            self._call("unlock", [name], _SERVER)
            self.granted.discard(name)

    def close(self) -> None:
        """End the session, and with it its locks."""
        self._channel.close()

    def _call(self, method: str, params: list[Any], waiting_for: str) -> Any:
        return self._answer(self._send(method, params, waiting_for), method, waiting_for)

    def _send(self, method: str, params: list[Any], waiting_for: str) -> int:
        self._last_id += 1
        self._answers[self._last_id] = None
        self._say({"method": method, "params": params, "id": self._last_id}, waiting_for)
        return self._last_id

    def _say(self, message: dict[str, Any], waiting_for: str) -> None:
        # The newline is for whoever waits for the end of a line: a web server, say, then answers, and is found out.
        try:
            self._channel.send(json.dumps(message).encode() + b"\n", self._deadline.left(waiting_for))
        except TimeoutError:
            raise self._timed_out(waiting_for) from None
        except RecursionError:  # what we send of the server's own
            raise nonsense("one that is nested too deeply") from None

    def _answer(self, number: int, method: str, waiting_for: str) -> Any:
        while not (message := self._answers[number]):
            self._handle(self._receive(waiting_for))
        del self._answers[number]
        if message.get("error"):
            raise self._error(method, message["error"])
        return message.get("result")

    def _error(self, method: str, error: Any) -> OvsdbMissing | OvsdbRefused:
        reason = error.get("details") or error.get("error") if isinstance(error, dict) else error
        if isinstance(error, dict) and error.get("error") == "unknown database":
            where = self._channel.target
            return OvsdbMissing(f"the server at {where} has no database {self._database}", "it serves another one")
        return OvsdbRefused(f"the database refused {method}: {_said(reason)}")

    def _handle(self, message: dict[str, Any]) -> None:
        """Keep an answer that is waited for; serve what the server says unasked: keep-alive probes, granted locks."""
        method, number = message.get("method"), message.get("id")
        if method == "echo":
            self._say({"result": message.get("params"), "error": None, "id": number}, _SERVER)
        elif method == "locked" and message.get("params") == [self._lock]:
            self.granted.add(self._lock)
        elif "method" not in message and type(number) is int and number in self._answers:
            self._answers[number] = message

    def _receive(self, waiting_for: str) -> dict[str, Any]:
        """Return the next message."""
        while not self._messages:
            if len(self._buffer) > _LONGEST:
                raise nonsense(f"one of more than {_LONGEST >> 20} MiB")
            self._buffer += self._read(waiting_for)
            if self._buffer.endswith((b"}", b"}\n")):
                self._take_messages()
        return self._messages.popleft()

    def _take_messages(self) -> None:
        """Move what is whole from the buffer; messages follow one another without a separator."""
        try:
            text, position = self._buffer.decode().strip(), 0
            while position < len(text):
                message, position = self._decoder.raw_decode(text, position)
                if not isinstance(message, dict):
                    raise nonsense("one that is no object")
                self._messages.append(message)
                while text[position : position + 1].isspace():
                    position += 1
            self._buffer.clear()
        except json.JSONDecodeError as error:
            if error.pos < len(text) and not error.msg.startswith("Unterminated string"):
                raise nonsense("one that is not JSON") from None
            self._buffer = bytearray(text[position:].encode())
        except (ValueError, RecursionError):  # not UTF-8, a number of thousands of digits, thousands of brackets
            raise nonsense("one that cannot be read") from None

    def _read(self, waiting_for: str) -> bytes:
        try:
            data = self._channel.receive(self._deadline.left(waiting_for))
        except (TimeoutError, TimedOut):
            raise self._timed_out(waiting_for) from None
        if not self._spoken:
            self._listen_closely(data)
        if not data:
            raise OvsdbMissing("the database (ovsdb-server) closed the connection", "is it being restarted?")
        return data

    def _listen_closely(self, first: bytes) -> None:
        """Judge by its first words whether this is an OVSDB server at all."""
        self._spoken = True
        if first.startswith(b"\x15\x03"):  # a TLS alert
            raise OvsdbMissing(f"what answers at {self._channel.target} speaks TLS", "--db=ssl:HOST:PORT")
        if first and not first.lstrip().startswith(b"{"):
            raise OvsdbMissing(f"what answers at {self._channel.target} is not an OVSDB server")
        if not first:
            tls = self._channel.target.startswith("ssl:")
            hint = "does it accept --certificate?" if tls else "is it an OVSDB server, and one without TLS?"
            raise OvsdbMissing(f"what listens at {self._channel.target} closed the connection without a word", hint)

    def _timed_out(self, waiting_for: str) -> TimedOut:
        error = self._deadline.passed(waiting_for)
        if self._spoken:
            return error
        hint = f"is that an OVSDB server, and does it run? {error.hint}"
        return TimedOut(f"{error.message}; {self._channel.target} has not said a word", hint)


def _refused(result: dict[str, Any], op: Op) -> OvsdbRefused | WorldChanged:
    if result["error"] == "timed out" and op.get("op") == "wait":
        return WorldChanged(f"{op['table']} rows changed meanwhile", "try again")
    return OvsdbRefused(f"the database refused the change: {_said(result.get('details') or result['error'])}")


def _said(reason: Any) -> str:
    return reason[:_SAID] if isinstance(reason, str) else "it does not say why"


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
