"""The command line, a module for each noun. Heavy libraries are imported where they are used."""
