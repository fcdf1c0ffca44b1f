"""Options with values that cannot be, and the reason that each refusal gives, for test_failures_values.py."""

NO_IP = "is not an IP address"
NO_MAC = "is not a MAC address like 02:00:00:00:01:03"
GROUP_MAC = "is a multicast (group) address; the first byte must be even"
PREFIX4 = "needs a prefix length from 0 to 32"
MTU = "needs a whole number from 68 to 65535"
VLAN = "needs a whole number from 0 to 4095"
OFPORT = "needs a whole number from 1 to 65279"
SECONDS = "needs a number of seconds"
DATABASE = "needs unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT"
ENGINE = "needs unix://PATH or tcp://HOST:PORT"
FAMILY = "needs an --ipaddress of its family, whose network holds it"
SPAN4 = "(10.0.0.0/24 holds 10.0.0.0 to 10.0.0.255)"
SPAN6 = "(2001:db8::/64 holds 2001:db8:: to 2001:db8::ffff:ffff:ffff:ffff)"
ADDRESS4 = "--ipaddress=10.0.0.2/24"
ADDRESS6 = "--ipaddress=2001:db8::2/64"

# What each group of refused options is about, the options given besides, and why each one is refused.
REFUSED: list[tuple[str, tuple[str, ...], dict[str, str]]] = [
    (
        "addresses",
        (),
        {
            "--ipaddress=garbage": NO_IP,
            "--ipaddress=10.0.0.300/24": NO_IP,
            "--ipaddress=10.0.2": NO_IP,
            "--ipaddress=fe80::1%eth0/64": NO_IP,
            "--ipaddress=10.0.0.2/24,": f"an empty part {NO_IP}",
            "--ipaddress=10.0.0.2/24 10.0.0.3/24": NO_IP,
            "--ipaddress=10.0.0.2/24,10.0.0.2/16": "names an address twice",
            "--ipaddress=10.0.0.2/": PREFIX4,
            "--ipaddress=10.0.0.2/33": PREFIX4,
            "--ipaddress=10.0.0.2/-1": PREFIX4,
            "--ipaddress=10.0.0.2/\udcff": PREFIX4,
            "--ipaddress=2001:db8::2/129": "needs a prefix length from 0 to 128",
            "--ipaddress=10.0.0.2/255.0.255.0": "has a netmask with holes",
            "--ipaddress=0.0.0.0/24": "is the unspecified address",
            "--ipaddress=255.255.255.255/24": "is the broadcast address",
            "--ipaddress=224.0.0.1/24": "is a multicast address",
            "--ipaddress=ff02::1/64": "is a multicast address",
            "--ipaddress=127.0.0.1/8": "is a loopback address",
            "--ipaddress=10.0.0.255/24": "is the broadcast address of 10.0.0.0/24",
        },
    ),
    (
        "link",
        (),
        {
            "--macaddress=garbage": NO_MAC,
            "--macaddress=02:00:00:00:01": NO_MAC,
            "--macaddress=02:00:00": NO_MAC,
            "--macaddress=02:00:00:00:01:0g": NO_MAC,
            "--macaddress=02:00:00:00:01:03:04": NO_MAC,
            "--macaddress=01:00:00:00:00:01": GROUP_MAC,
            "--macaddress=ff:ff:ff:ff:ff:ff": GROUP_MAC,
            "--macaddress=00:00:00:00:00:00": "is all zero",
            "--mtu=67": MTU,
            "--mtu=65536": MTU,
            "--mtu=abc": MTU,
            "--vlan=4096": VLAN,
            "--vlan=-1": VLAN,
            "--trunks=4096": VLAN,
            "--trunks=10,": VLAN,
            "--trunks=29-20": "the range 29-20 runs backwards",
            "--ofport=0": OFPORT,
            "--ofport=65280": OFPORT,
            "--iface-id=\udcff": "has characters that cannot be printed",
            "--external-id=novalue": "needs the form KEY=VALUE",
            "--external-id==value": "needs the form KEY=VALUE",
            "--external-id=owner=me": "owner is part of ovs-docker's own record",
            "--external-id=key=\udcff": "is not UTF-8",
            "--datapath-type=kernel": "needs system or netdev",
        },
    ),
    (
        "gateways and routes",
        (ADDRESS4,),
        {
            "--gateway=garbage": NO_IP,
            "--gateway=10.0.0.1/24": NO_IP,
            "--gateway=10.0.1.1": f"outside of {ADDRESS4} {SPAN4}",
            "--gateway=10.0.0.2": "is the container's own address",
            "--gateway=10.0.0.255": "is the broadcast address of 10.0.0.2/24",
            "--gateway=255.255.255.255": "is the broadcast address",
            "--gateway=0.0.0.0": "is the unspecified address",
            "--gateway=224.0.0.1": "is a multicast address",
            "--gateway=10.0.0.1,10.0.0.3": "names two gateways of one family",
            "--gateway=2001:db8::1": FAMILY,
            "--route=garbage": NO_IP,
            "--route=10.1.0.0/33": PREFIX4,
            "--route=10.1.0.1/24": "has host bits set: its network is 10.1.0.0/24",
            "--route=10.1.0.0/24,garbage": NO_IP,
            "--route=10.1.0.0/24,10.0.1.1": f"outside of {ADDRESS4} {SPAN4}",
            "--route=10.1.0.0/24,10.0.0.2": "is the container's own address",
            "--route=10.1.0.0/24,2001:db8::1": "mixes IPv4 and IPv6",
            "--route=2001:db8:1::/64": "needs an --ipaddress of its family",
        },
    ),
    (
        "IPv6",
        (ADDRESS6,),
        {
            "--gateway=2001:db8:1::1": f"outside of {ADDRESS6} {SPAN6}",
            "--gateway=10.0.0.1": FAMILY,
            "--mtu=1279": "IPv6 needs at least 1280 (leave out the IPv6 address or raise the MTU)",
        },
    ),
    (
        "MTU",
        ("--gateway=fe80::1",),
        {"--mtu=1279": "IPv6 needs at least 1280 (leave out the IPv6 address or raise the MTU)"},
    ),
    (
        "global options",
        (),
        {
            "--timeout=abc": SECONDS,
            "--timeout=-1": SECONDS,
            "--timeout=nan": SECONDS,
            "--format=xml": "needs table or json",
            "--db=garbage": DATABASE,
            "--db=unix:": DATABASE,
            "--docker-host=garbage": ENGINE,
            "--docker-host=unix://": ENGINE,
            "--docker-host=tcp://nowhere": ENGINE,
        },
    ),
]
