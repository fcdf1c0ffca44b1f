"""What goes wrong: every failure, races, interruption, sudden death."""
