"""A vswitchd with DPDK: ordinary ports on it, and vhost-user ports for containers that run DPDK themselves."""
