"""The command line, a module a noun. Heavy libraries are imported where they are used."""
