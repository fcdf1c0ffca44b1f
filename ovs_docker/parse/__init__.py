"""Words, files and labels to PortSpecs; errors name their place. No I/O."""
