"""What a reply states, held against what it cites."""
