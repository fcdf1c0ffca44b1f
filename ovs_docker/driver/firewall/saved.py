"""What iptables-save printed, read, and compared with what should be there; what iptables-restore needs to read. Pure.

Ours are the chains that are called OVS-DOCKER or begin so, and the jumps to them; all else is only looked at.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from ovs_docker.driver.firewall.rules import JUMPS, OURS, Tables, guarded

Jump = tuple[str, str, str]
"""Table, the chain where it stands, the rule."""

_FINAL = ("-j ACCEPT", "-j DROP", "-j RETURN", "-j REJECT")


def read(text: str) -> Tables:
    """Return the rules by table and chain."""
    tables: Tables = {}
    chains: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("*"):
            chains = tables.setdefault(line[1:], {})
        elif line.startswith(":"):
            chains.setdefault(line[1:].split()[0], [])
        elif line.startswith("-A "):
            _, chain, rule = (*line.split(" ", 2), "")[:3]
            chains.setdefault(chain, []).append(rule)
    return tables


def neighbours(tables: Tables) -> list[str]:
    """Return Docker's own bridges: what leaves by one of them Docker sends through its chain DOCKER."""
    rules = [rule.split() for chain in tables.get("filter", {}).values() for rule in chain]
    found = (rule for rule in rules if rule[-2:] == ["-j", "DOCKER"] and rule[:1] == ["-o"])
    return sorted({rule[1] for rule in found})


def guarded_bridges(tables: Tables) -> set[str]:
    return {guarded(rule) for rule in tables.get("raw", {}).get(OURS, ())}


def _jumps(tables: Tables, wanted: Tables, version: int) -> list[Jump]:
    """Return the jumps that should be there: from DOCKER-USER, if anything gets there, or from FORWARD."""
    forward = tables.get("filter", {}).get("FORWARD", ())
    passed = takewhile(lambda rule: not rule.startswith(_FINAL), forward)
    by_docker = "DOCKER-USER" in tables.get("filter", {}) and "-j DOCKER-USER" in passed
    every = [("filter", "DOCKER-USER" if by_docker else "FORWARD", f"-j {OURS}"), *JUMPS[version]]
    return [jump for jump in every if jump[0] in wanted]


def _leading(tables: Tables) -> list[Jump]:
    """Return the jumps to chains of ours that are there."""
    return [
        (table, chain, rule)
        for table, chains in tables.items()
        for chain, rules in chains.items()
        if not _is_ours(chain)
        for rule in rules
        if _is_ours(_target(rule))
    ]


def _is_ours(chain: str) -> bool:
    return chain == OURS or chain.startswith(f"{OURS}-")


def _target(rule: str) -> str:
    words = rule.split()
    jumps = [place for place, word in enumerate(words[:-1]) if word in ("-j", "-g")]
    return words[jumps[-1] + 1] if jumps else ""


def _is_reached(tables: Tables, jump: Jump) -> bool:
    """Tell whether nothing that takes every packet stands before a jump."""
    rules = tables[jump[0]][jump[1]]
    return _alike(jump[2]) in map(_alike, takewhile(lambda rule: not rule.startswith(_FINAL), rules))


def _alike(rule: str) -> tuple[str, ...]:
    """Return what releases of iptables print alike: the words, in any order, without quotes."""
    return tuple(sorted(rule.replace('"', "").replace("icmpv6", "ipv6-icmp").split()))


def _misled(tables: Tables, wanted: Tables, version: int) -> tuple[list[Jump], list[Jump]]:
    """Return the jumps to remove and those to add. Where one of several is wrong, all of a chain are renewed."""
    right, found = _jumps(tables, wanted, version), _leading(tables)
    places = {jump[:2] for jump in (*right, *found)}
    for place in list(places):
        here, there = ([jump for jump in jumps if jump[:2] == place] for jumps in (right, found))
        if len(here) == len(there) == 1 and _alike(here[0][2]) == _alike(there[0][2]) and _is_reached(tables, here[0]):
            places.remove(place)
    return [jump for jump in found if jump[:2] in places], [jump for jump in right if jump[:2] in places]


def amiss(tables: Tables, wanted: Tables, version: int) -> list[str]:
    """Say what differs from what is wanted, in sentences."""
    removed, added = _misled(tables, wanted, version)
    said = [f"chain {chain} of table {table} does not lead to {_target(rule)}" for table, chain, rule in added]
    for table, chain, rule in removed:
        if (table, chain) not in {jump[:2] for jump in added}:
            said.append(f"chain {chain} of table {table} still leads to {_target(rule)}")
    for table in sorted({*tables, *wanted}):
        said += _chains_amiss(table, _ours(tables.get(table, {})), wanted.get(table, {}))
    return said


def _ours(chains: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    return {chain: rules for chain, rules in chains.items() if _is_ours(chain)}


def _chains_amiss(table: str, found: Mapping[str, Sequence[str]], wanted: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for chain in sorted({*found, *wanted}):
        have, want = list(map(_alike, found.get(chain, ()))), list(map(_alike, wanted.get(chain, ())))
        where = f"chain {chain} of table {table}"
        if chain not in found:
            yield f"{where} is missing"
        elif chain not in wanted:
            yield f"{where} is left over"
        elif lacking := (Counter(want) - Counter(have)).total():
            yield f"{where} lacks {lacking} of {len(want)} rules"
        elif have != want:
            yield f"{where} has other rules"


def restoring(tables: Tables, wanted: Tables, version: int) -> str:
    """Return what iptables-restore --noflush has to read: a chain that it is told of is emptied, no other is."""
    removed, added = _misled(tables, wanted, version)
    lines = []
    for table in sorted({*tables, *wanted}):
        before, after = _ours(tables.get(table, {})), wanted.get(table, {})
        gone = [jump for jump in removed if jump[0] == table]
        if not (before or after or gone):
            continue
        lines += [f"*{table}", *(f":{chain} - [0:0]" for chain in sorted({*before, *after}))]
        lines += [f"-D {chain} {rule}" for _, chain, rule in gone]
        lines += [f"-A {chain} {rule}" for chain, rules in after.items() for rule in rules]
        lines += [_added(tables, jump, gone) for jump in added if jump[0] == table]
        lines += [f"-X {chain}" for chain in before if chain not in after]
        lines.append("COMMIT")
    return "\n".join([*lines, ""])


def _added(tables: Tables, jump: Jump, gone: Sequence[Jump]) -> str:
    """Stand at a chain's end, as far as packets get: whoever's rules are there already decide first."""
    table, chain, rule = jump
    rules = [there for there in tables.get(table, {}).get(chain, ()) if (table, chain, there) not in gone]
    passed = len(list(takewhile(lambda there: not there.startswith(_FINAL), rules)))
    return f"-A {chain} {rule}" if passed == len(rules) else f"-I {chain} {passed + 1} {rule}"
