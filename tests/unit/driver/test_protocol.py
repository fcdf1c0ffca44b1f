"""Docker's bodies become typed requests, or errors of ours that name what is wrong; never a traceback."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ovs_docker.driver import protocol
from ovs_docker.driver.app import METHODS, App
from ovs_docker.driver.networks import Defaults
from ovs_docker.driver.protocol import Endpoint, External, NewEndpoint, NewNetwork, PortMap
from ovs_docker.errors import BadValue
from ovs_docker.model.network import Subnet
from ovs_docker.watch.log import Log
from ovs_docker.world import Settings

NETWORK, ENDPOINT = "n" * 64, "e" * 64
IDS = {"NetworkID": NETWORK, "EndpointID": ENDPOINT}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
FIELDS = ["NetworkID", "EndpointID", "Options", "IPv4Data", "IPv6Data", "Interface", "com.docker.network.portmap"]


def app() -> App:
    """Return a driver whose database does not exist."""
    settings = Settings(db="unix:/nonexistent/db.sock", docker_host="unix:///nonexistent/docker.sock")
    return App(settings, Defaults(), Log(as_json=False, quiet=True))


def post(path: str, body: bytes, method: str = "POST") -> tuple[str, Any]:
    """Return the status and the JSON of an answer."""
    said: list[str] = []
    environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "wsgi.input": io.BytesIO(body)}
    answer = b"".join(app()(environ, lambda status, headers: said.append(status)))
    return said[0], json.loads(answer)


def test_a_network_of_docker_20_10() -> None:
    body = {
        "NetworkID": NETWORK,
        "Options": {"com.docker.network.enable_ipv6": True, "com.docker.network.generic": {"ovs.mode": "flat"}},
        "IPv4Data": [{"AddressSpace": "LocalDefault", "Pool": "10.9.0.0/24", "Gateway": "10.9.0.1/24"}],
        "IPv6Data": [{"AddressSpace": "LocalDefault", "Pool": "fd00::/64", "Gateway": "fd00::1/64"}],
    }
    subnets = (Subnet("10.9.0.0/24", "10.9.0.1/24"), Subnet("fd00::/64", "fd00::1/64"))
    assert protocol.new_network(body) == NewNetwork(NETWORK, {"ovs.mode": "flat"}, subnets, False)


def test_a_network_without_addresses_and_an_internal_one() -> None:
    null = {"NetworkID": NETWORK, "IPv4Data": [{"AddressSpace": "null", "Pool": "0.0.0.0/0"}], "IPv6Data": None}
    assert protocol.new_network(null) == NewNetwork(NETWORK, {}, (), False)
    assert protocol.new_network({**null, "Options": {"com.docker.network.internal": True}}).internal


def test_an_endpoint() -> None:
    interface = {"Address": "10.9.0.2/24", "AddressIPv6": "", "MacAddress": "02:42:0A:09:00:02"}
    options = {"com.docker.network.endpoint.macaddress": "AgAAAJkB", "ovs.vlan": "5"}
    wish = protocol.new_endpoint({**IDS, "Interface": interface, "Options": options})
    assert wish == NewEndpoint(NETWORK, ENDPOINT, ("10.9.0.2/24",), "02:42:0a:09:00:02", {"ovs.vlan": "5"})


def test_published_ports() -> None:
    entry = {"Proto": 6, "IP": "", "Port": 80, "HostIP": "127.0.0.1", "HostPort": 8080, "HostPortEnd": 8090}
    for maps, found in (([entry], (PortMap("tcp", 80, "127.0.0.1", 8080, 8090),)), (None, ())):
        body = {**IDS, "Options": {"com.docker.network.portmap": maps}}
        assert protocol.external(body) == External(NETWORK, ENDPOINT, found)
    assert protocol.endpoint(IDS) == Endpoint(NETWORK, ENDPOINT)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"NetworkID": ""}, "NetworkID is missing"),
        ({"NetworkID": "../x"}, "NetworkID is missing or is not an id"),
        ({"NetworkID": 5}, "NetworkID is not a string"),
        ({"IPv4Data": {}}, "IPv4Data is not a list"),
        ({"IPv4Data": ["x"]}, "IPv4Data is not a list"),
        ({"IPv4Data": [{"Pool": "10.0.0.1/24"}]}, "Pool 10.0.0.1/24"),
        ({"Options": []}, "Options is not a JSON object"),
        ({"Options": {"com.docker.network.generic": {"ovs.mode": 1}}}, "ovs.mode is not a string"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadValue, match=said):
        protocol.new_network({"NetworkID": NETWORK, **change})


def test_the_next_hops_are_plain_addresses_and_without_any_no_bridge_of_dockers_is_wanted() -> None:
    name = {"InterfaceName": {"SrcName": "x_c", "DstPrefix": "eth"}}
    assert protocol.joined("x_c", {4: "10.0.0.1", 6: ""}) == {**name, "Gateway": "10.0.0.1"}
    assert protocol.joined("x_c", {}) == {**name, "DisableGatewayService": True}


def test_capabilities_need_no_database() -> None:
    assert post("/Plugin.Activate", b"") == ("200 OK", {"Implements": ["NetworkDriver"]})
    assert post("/NetworkDriver.GetCapabilities", b"")[1]["Scope"] == "local"


@pytest.mark.parametrize("path", ["/NetworkDriver.Fly", "/", "", "/etc/passwd"])
def test_an_unknown_method_is_not_found(path: str) -> None:
    status, answer = post(path, b"{}")
    assert (status, sorted(answer)) == ("404 Not Found", ["Err"])


@pytest.mark.parametrize("body", [b"", b"\n", b"nonsense", b"[]", b"5", b"[" * 100_000, b"\xff", b"x" * (2 << 20)])
@pytest.mark.parametrize("method", [name for name, method in METHODS.items() if method.has_body])
def test_a_body_that_says_nothing_is_refused(method: str, body: bytes) -> None:
    status, answer = post(f"/{method}", body)
    assert (status, sorted(answer)) == ("400 Bad Request", ["Err"])


@given(st.sampled_from(sorted(METHODS)), st.dictionaries(st.sampled_from(FIELDS), JSON | st.just(NETWORK)), JSON)
def test_whatever_the_body_the_answer_is_an_object(method: str, body: dict[str, Any], options: Any) -> None:
    wish = {
        **IDS,
        **body,
        "Options": {"com.docker.network.generic": options, **(body.get("Options") or {})}
        if isinstance(body.get("Options"), dict | None)
        else body["Options"],
    }
    status, answer = post(f"/{method}", json.dumps(wish).encode())
    assert status in ("200 OK", "400 Bad Request")
    assert isinstance(answer, dict)
    assert "Traceback" not in str(answer)
    assert not any(name in str(answer.get("Err", "")) for name in ("TypeError", "KeyError", "AttributeError"))
