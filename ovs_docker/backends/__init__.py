"""The outer world, one module each: Docker, namespaces, netlink, OVSDB. Exceptions become ours at these doors."""
