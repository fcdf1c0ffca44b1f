"""Immutable values: what is asked for, what exists, what is recorded. No I/O."""
