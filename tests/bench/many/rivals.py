"""What ours is held against: the script in a loop, and the floor, the same by hand with as few processes as can be.

The floor is one docker inspect, one ip -batch, one nsenter a container (there is no way around that by hand), and one
ovs-vsctl, which waits for the switch as ours does.
"""

from tests.bench.many.fleet import BRIDGE, INTERFACE, names

SCRIPT = "/usr/bin/ovs-docker"
Command = list[str]

ADD_BY_HAND = """
set -e
n=0; links=; rows=
exec 3>/run/tmp/floor.links 4>/run/tmp/floor.inside
for pid in $(docker inspect --format='{{.State.Pid}}' "$@"); do
  mac=$(printf 02:00:00:00:%02x:%02x $((n / 250)) $((n % 250 + 1)))
  port=$(printf %013x_l $n)
  echo "link add $port mtu 1400 up type veth peer name $INTERFACE mtu 1400 address $mac netns $pid" >&3
  echo "$pid 10.1.$((n / 250)).$((n % 250 + 1))/16" >&4
  ids="external_ids:container_id=m$n external_ids:container_iface=$INTERFACE external_ids:iface-id=m${n}_$INTERFACE"
  rows="$rows -- add-port $BRIDGE $port -- set interface $port $ids external_ids:attached-mac=\\"$mac\\""
  n=$((n + 1))
done
ip -batch /run/tmp/floor.links
while read -r pid address; do
  printf 'addr add %s dev %s\\nlink set %s up\\n' "$address" "$INTERFACE" "$INTERFACE" |
    nsenter -t "$pid" -n ip -batch -
done < /run/tmp/floor.inside
exec ovs-vsctl $rows
"""
DELETE_BY_HAND = """
set -e
rows=
for port in $(ovs-vsctl list-ports $BRIDGE); do
  echo "link delete $port"
  rows="$rows -- del-port $BRIDGE $port"
done > /run/tmp/floor.links
ovs-vsctl $rows
exec ip -batch /run/tmp/floor.links
"""
ADD_IN_A_LOOP = """
n=0
for name in "$@"; do
  mac=$(printf 02:00:00:00:%02x:%02x $((n / 250)) $((n % 250 + 1)))
  $SCRIPT add-port $BRIDGE $INTERFACE $name --ipaddress=10.1.$((n / 250)).$((n % 250 + 1))/16 \\
    --macaddress=$mac --mtu=1400 || exit 1
  n=$((n + 1))
done
"""
DELETE_IN_A_LOOP = 'for name in "$@"; do $SCRIPT del-port $BRIDGE $INTERFACE $name || exit 1; done'


def shell(text: str, count: int) -> Command:
    """Return the command that runs ``text`` for the first ``count`` containers."""
    variables = f"BRIDGE={BRIDGE} INTERFACE={INTERFACE} SCRIPT={SCRIPT}\n"
    return ["/bin/bash", "-c", variables + text, "floor", *names(count)]
