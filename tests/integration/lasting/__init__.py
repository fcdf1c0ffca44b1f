"""Ports that last: restarts, sync, watch."""
