"""What the tests stand on: commands, containers, snapshots, hosts. No tests live here."""
