"""Instructions and personal data in what customers write."""
