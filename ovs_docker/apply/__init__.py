"""The steps, each reversible and over a batch, and the one runner that rolls back. Their order is plan/'s."""
