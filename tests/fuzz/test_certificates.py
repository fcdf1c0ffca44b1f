"""Any certificate that a TLS library may show: names, and whether one of them is the host."""

from typing import Any

from hypothesis import strategies as st

from ovs_docker.backends.ovsdb.certificate_names import identifies, names_of
from tests.fuzz.examples import given
from tests.fuzz.values import texts

names = texts | st.text() | st.builds("{} id:{}".format, texts, st.uuids()) | st.builds("*.{}".format, texts)
kinds = st.sampled_from(("DNS", "IP Address", "URI", "commonName", "organizationName")) | st.text(max_size=5)
pairs = st.tuples(kinds, names)
certificates = st.fixed_dictionaries(
    {},
    optional={
        "subjectAltName": st.lists(pairs, max_size=4).map(tuple),
        "subject": st.lists(st.lists(pairs, max_size=2).map(tuple), max_size=3).map(tuple),
    },
)


@given(certificates, names)
def test_a_certificate_names_hosts_and_one_of_them_is_the_right_one_or_not(certificate: Any, host: str) -> None:
    found = names_of(certificate)
    assert all(isinstance(name, str) for name in found)
    assert identifies(found, host) in (True, False)
    assert identifies([], host)
