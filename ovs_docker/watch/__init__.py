"""watch: keep the ports of restarting containers. Events are hints; what is done about them is verbs/sync.py's."""
