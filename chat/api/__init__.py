"""REST: everything that is not a stream."""
