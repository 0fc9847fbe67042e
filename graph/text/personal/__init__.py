"""Forms of personal data: what a pattern proposes and what confirms it, a file for each family."""
