"""watch: keep the ports of restarting containers. An event is only a hint: verbs/sync.py looks and acts."""
