"""What is around every page: frame, login, security headers."""
