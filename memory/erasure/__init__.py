"""Removes a customer from every layer, for good, and says so in a signed receipt."""
