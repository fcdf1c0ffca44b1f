"""OVN's settings of a host, for all chassis or for one, as ovn-controller reads them."""

import pytest

from ovs_docker.model.chassis import Chassis, all_here, own

FOR_ALL = {"ovn-remote": "tcp:10.0.0.1:6642", "ovn-encap-type": "geneve", "ovn-encap-ip": "10.0.0.2"}
FOR_H1 = {"ovn-remote-h1": "unix:/sb", "ovn-bridge-h1": "br1", "ovn-encap-type-h1": "vxlan", "ovn-encap-ip-h1": "::1"}
H1 = Chassis("h1", "unix:/sb", "br1", "vxlan", "::1")


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        ({}, Chassis("", "", "br-int", "", "")),
        (FOR_ALL, Chassis("", "tcp:10.0.0.1:6642", "br-int", "geneve", "10.0.0.2")),
        ({**FOR_ALL, "ovn-bridge": "br0"}, Chassis("", "tcp:10.0.0.1:6642", "br0", "geneve", "10.0.0.2")),
        ({**FOR_H1, "system-id": "h1"}, H1),
        ({**FOR_ALL, **FOR_H1, "system-id": "h1"}, H1),
        ({**FOR_ALL, **FOR_H1, "system-id": "h2"}, Chassis("h2", "tcp:10.0.0.1:6642", "br-int", "geneve", "10.0.0.2")),
    ],
)
def test_what_is_set_for_one_chassis_goes_before_what_is_set_for_all(ids: dict[str, str], found: Chassis) -> None:
    assert own(ids) == found


def test_further_controllers_of_a_host_are_known_by_their_bridges() -> None:
    settings = {
        "ovn-bridge-datapath-type": "netdev",
        "ovn-bridge-mappings-h1": "net:br2",
        "ovn-bridge-remote": "unix:/x",
    }
    found = all_here({**FOR_ALL, **FOR_H1, **settings, "system-id": "h2"})
    assert [(chassis.name, chassis.bridge) for chassis in found] == [("h2", "br-int"), ("h1", "br1")]
    assert [chassis.name for chassis in all_here({**FOR_H1, **settings, "system-id": "h1"})] == ["h1"]
