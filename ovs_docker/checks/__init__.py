"""What check looks at: the surroundings, and each port from its container to the switch. verbs/check.py runs it."""
