"""The command line, a module for each noun. Heavy libraries are imported only when they are used."""
