"""Which act a sentence is, by its meaning."""
