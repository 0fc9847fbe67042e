"""Mail as it arrives: the writer's own words, what was quoted or added, what no person wrote."""
