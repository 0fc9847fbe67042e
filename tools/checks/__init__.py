"""What a call must pass before and after it is made."""
