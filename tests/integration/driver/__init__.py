"""Docker's network driver on the real stack."""
