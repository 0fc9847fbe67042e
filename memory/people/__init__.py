"""People, their sessions and passwords, keys, the audit."""
