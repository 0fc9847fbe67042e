"""Acts on the outside world, only through the gateway."""
