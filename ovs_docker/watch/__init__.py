"""watch: keep the ports of restarting containers. Events are hints, on which verbs/sync.py acts."""
