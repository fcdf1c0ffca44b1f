"""Where ports are asked for: command line, file, container labels. All end in PortSpecs; none looks at the world."""
