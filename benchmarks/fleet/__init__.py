"""A whole fleet: capacity (`make bench-fleet`) and two rounds with failures (`make show-fleet`)."""
