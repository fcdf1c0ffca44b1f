"""The findings of the verb check: about the surroundings, and each port from its container to the switch."""
