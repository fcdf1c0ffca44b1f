"""Values, frozen: what is asked for and what is there. No I/O."""
