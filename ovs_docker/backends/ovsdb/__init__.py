"""OVSDB servers: transports, sessions, and the operations that are sent to them."""
