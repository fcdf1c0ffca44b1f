"""Reads Docker, the kernel and the databases into facts. Changes nothing."""
