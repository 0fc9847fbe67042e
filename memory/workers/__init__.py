"""Living workers, the tickets they drive, and the deaths of workers that drove them."""
