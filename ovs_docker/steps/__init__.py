"""The reversible steps, each over a batch. Their order is plan.py's, running and undoing them apply.py's."""
