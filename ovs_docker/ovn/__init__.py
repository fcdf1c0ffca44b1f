"""Everything that only ports on logical switches of OVN need, from looking to steps. Other calls load none of it."""
