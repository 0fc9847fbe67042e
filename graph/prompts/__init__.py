"""The prompts, one a file. Its front matter holds the version that the journal records."""
