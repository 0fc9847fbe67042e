"""The desk for other agents: tools and articles by the Model Context Protocol."""
