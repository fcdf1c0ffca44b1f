"""Open vSwitch itself: where its database is, and in which network namespace its vswitchd."""
