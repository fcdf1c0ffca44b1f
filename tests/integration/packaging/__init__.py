"""What is installed: zipapp, image, systemd units, completions, and the private host itself."""
