"""Docker's network driver: docker network create -d ovs. What it makes of a request goes down the same road as add-port."""
