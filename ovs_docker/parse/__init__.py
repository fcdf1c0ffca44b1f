"""Words, files and labels to PortSpecs, with the place of each error. Nothing here looks at the world."""
