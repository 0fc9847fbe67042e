"""What happened, step by step; how long it is kept."""
