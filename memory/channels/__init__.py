"""What comes by channels and leaves by them, as rows. Functions take the caller's session and never commit."""
