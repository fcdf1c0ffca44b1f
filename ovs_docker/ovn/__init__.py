"""OVN's wing: what only ports on logical switches need, on each part of the road. Other calls load nothing of it."""
