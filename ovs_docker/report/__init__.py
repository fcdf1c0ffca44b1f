"""Outcomes and errors as tables, JSON and lines, and the progress bar. Printing is cli/'s."""
