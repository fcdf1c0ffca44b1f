"""The verbs, one road each: resolve, plan, apply, Outcome. cli/ and report/ do the words and the printing."""
