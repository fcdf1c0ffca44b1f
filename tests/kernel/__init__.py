"""The integration tests of whatever depends on the datapath, on a kernel host; the tests themselves are elsewhere."""
