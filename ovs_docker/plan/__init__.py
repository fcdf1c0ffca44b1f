"""(specs, facts) to steps: all decisions are made here. No I/O."""
