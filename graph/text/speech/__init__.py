"""What a message does rather than asks: thanks, a wish for a person, a threat, an advertisement."""
