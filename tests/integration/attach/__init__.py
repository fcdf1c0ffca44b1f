"""Attaching, changing and detaching ports, and what is told of them; the old script beside ours."""
