"""One stack for the room: a package, so that the stack ends with the last test that uses it."""
