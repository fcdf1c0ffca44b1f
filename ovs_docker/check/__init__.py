"""What check looks at, and the judging: surroundings, and each port from its container to the switch."""
