"""A finished ticket run again, offline, on what its tools and minds answered then."""
