"""Ports on logical switches of OVN."""
