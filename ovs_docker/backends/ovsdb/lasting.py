"""A connection that lasts as long as watch does, by the ovs package's JSON-RPC.

Probes, like those of Open vSwitch's own programs, detect a server that hangs or a network that is cut.
"""

from collections.abc import Callable
from time import monotonic

from ovs.jsonrpc import Connection, Message
from ovs.poller import Poller, get_system_poll
from ovs.stream import SSLStream, Stream

from ovs_docker.backends.ovsdb.channels import SocketChannel
from ovs_docker.deadline import PROBE, SILENCE
from ovs_docker.errors import OvsdbMissing


def wait_for_the_end(
    channel: SocketChannel, alive: Callable[[], None], probe: float = PROBE, silence: float = SILENCE
) -> None:
    """Keep up a connection until the server ends it; raise OvsdbMissing where it says nothing any more.

    `alive` is called at each word of the server.
    """
    channel.socket.setblocking(False)
    secured = channel.target.startswith("ssl:")
    connection = Connection((SSLStream if secured else Stream)(channel.socket, channel.target, 0))
    heard = probed = monotonic()
    try:
        while not connection.get_status():
            while _serve(connection):
                heard = monotonic()
                alive()
            if monotonic() - heard >= silence:
                raise OvsdbMissing(f"the database (ovsdb-server) has said nothing for {silence:g} s")
            if monotonic() - probed >= probe:
                probed = monotonic()
                connection.send(Message.create_request("echo", []))
            _wait(connection, min(probed + probe, heard + silence) - monotonic())
    finally:
        connection.close()


def _serve(connection: Connection) -> bool:
    """Take in a message, if there is one, and answer the server's probes."""
    connection.run()
    error, message = connection.recv()
    if message and message.type == Message.T_REQUEST and message.method == "echo":
        connection.send(Message.create_reply(message.params, message.id))
    return not error and message is not None


def _wait(connection: Connection, seconds: float) -> None:
    poller = Poller()
    poller.poll = get_system_poll()  # its own select(2) ends at descriptor 1023, and a thousand ports may be open
    connection.wait(poller)
    connection.recv_wait(poller)
    poller.timer_wait(int(seconds * 1000) + 1)
    poller.block()
