"""Docker's network driver: docker network create -d ovs. What it makes of a request goes down add-port's road."""
