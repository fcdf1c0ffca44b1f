"""The kernel: netlink, network namespaces, sysctls, files of other processes."""
