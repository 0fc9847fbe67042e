"""The prompts, one in each file. Its front matter holds the version that the journal records."""
