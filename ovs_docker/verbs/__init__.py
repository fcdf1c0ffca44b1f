"""The verbs, one road each: resolve, plan, apply, Outcome. Words and printing are cli/'s and report.py's."""
