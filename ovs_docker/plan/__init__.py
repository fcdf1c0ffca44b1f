"""(specs, facts) to steps: everything that is decided is decided here. No I/O."""
