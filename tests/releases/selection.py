"""Which integration tests are run on Debian 13 each time: what depends on the versions of Docker and its like."""

ATTACH, LASTING = (f"tests/integration/{theme}" for theme in ("attach", "lasting"))

SELECTION = (
    f"{ATTACH}/test_traffic.py::test_containers_ping_each_other[IPv4]",
    f"{ATTACH}/test_traffic.py::test_containers_ping_each_other[IPv6]",
    f"{ATTACH}/test_traffic.py::test_set_vlan_moves_a_container_from_one_vlan_to_another",
    f"{LASTING}/test_sync.py::test_a_restarted_container_has_its_port_back_as_it_was",
    f"{LASTING}/test_openflow_numbers.py::test_watch_gives_it_back_to_a_restarted_container",
)
