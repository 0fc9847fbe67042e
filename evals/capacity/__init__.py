"""What a number of machines carries, from measured costs."""
