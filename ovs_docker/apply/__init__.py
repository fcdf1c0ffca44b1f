"""Reversible steps over a batch of ports, and the runner that rolls back. plan/ orders them."""
