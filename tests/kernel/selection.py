"""Which integration tests are run on a kernel host each time: what depends on the datapath, four minutes of it.

OVN is not among it: its flows need conntrack zones, and Debian's User Mode Linux is built without them.
"""

ATTACH, LASTING, FAILURES = (f"tests/integration/{theme}" for theme in ("attach", "lasting", "failures"))
ENGINES, DRIVER = "tests/integration/engines", "tests/integration/driver"

SELECTION = (
    f"{ATTACH}/test_drop_in_bridges.py::test_a_missing_bridge_is_created_as_the_script_creates_it",
    f"{ATTACH}/test_traffic.py::test_tcp_carries_megabytes_unharmed[MTU-1500-IPv6]",
    f"{ATTACH}/test_traffic.py::test_tcp_carries_megabytes_unharmed[MTU-1400-IPv4]",
    f"{ATTACH}/test_traffic.py::test_set_vlan_moves_a_container_from_one_vlan_to_another",
    f"{ATTACH}/test_traffic.py::test_a_port_lets_in_exactly_its_vlans[native]",
    f"{ATTACH}/test_add_ports.py::test_traffic_flows_between_any_two_of_them",
    f"{LASTING}/test_openflow_numbers.py::test_sync_gives_it_back_to_a_restarted_container",
    f"{LASTING}/test_openflow_numbers.py::test_add_port_gives_it_back_to_a_restarted_container",
    f"{LASTING}/test_openflow_numbers.py::test_watch_gives_it_back_to_a_restarted_container",
    f"{LASTING}/test_openflow_numbers.py::test_a_number_that_another_port_took_is_reported",
    f"{LASTING}/test_restart.py::test_a_daemon_may_be_killed_and_started_again[ovs-vswitchd]",
    f"{LASTING}/test_sync.py::test_a_restarted_container_has_its_port_back_as_it_was",
    f"{LASTING}/test_sync_others.py::test_another_tools_port_with_a_container_id_of_its_own_stays",
    f"{FAILURES}/test_sudden_death.py::test_death_while_the_stale_port_is_replaced_is_repaired",
    f"{ENGINES}/test_ovs_in_containers.py::test_either_container_may_be_named_and_the_host_ends_stay_on_the_host"
    "[ovs-vswitchd]",
    f"{DRIVER}/test_firewall.py::test_a_published_port_answers_at_the_hosts_addresses_whoever_asks[sctp]",
    f"{ATTACH}/test_tunnel.py::test_containers_on_two_hosts_talk_through_a_tunnel",
)
