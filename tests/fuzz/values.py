"""Strategies for what people and programs write: near to what is right, or nothing of the kind."""

import os
from typing import Any

from hypothesis import strategies as st

from ovs_docker.cli.grammar import GLOBALS, VERBS
from ovs_docker.parse.options import NAMES

# A word of a command line: any bytes but NUL, as Python hands them on.
words = st.binary(max_size=12).filter(lambda data: 0 not in data).map(os.fsdecode)
numbers = st.integers(-(10**6), 10**6).map(str) | st.integers().map(str)
addresses = st.ip_addresses().map(str) | st.builds("{}/{}".format, st.ip_addresses(), st.integers(-1, 130))
macs = st.binary(min_size=5, max_size=7).map(lambda data: data.hex(":"))
ranges = st.lists(st.integers(-1, 5000), min_size=1, max_size=4).map(lambda found: "-".join(map(str, found)))
routes = st.builds("{},via={}".format, addresses, addresses) | st.builds("{}={}".format, addresses, addresses)
pairs = st.builds("{}={}".format, words, words)
KNOWN = (
    "none",
    "dynamic",
    "auto",
    "json",
    "table",
    "netdev",
    "system",
    "unix:",
    "tcp:",
    "ssl:",
    "-",
    "",
    "br-int",
    "c1",
)
single = st.sampled_from(KNOWN) | words | numbers | addresses | macs | ranges | routes | pairs
texts = single | st.lists(single, max_size=4).map(",".join)
OPTIONS = sorted({f"--{option.name}" for verb in VERBS for option in (*GLOBALS, *verb.options)})
SHORT = sorted({f"-{option.short}" for verb in VERBS for option in (*GLOBALS, *verb.options) if option.short})
option_names = st.sampled_from(OPTIONS + SHORT) | st.sampled_from(OPTIONS).map(lambda name: name[:-2])
options = option_names | st.builds("{}={}".format, option_names, texts)
verbs = st.sampled_from([verb.name for verb in VERBS])
port_options = st.sampled_from(sorted(NAMES))

scalars: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | texts
json_values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)
