"""MCP servers as tools, over stdio and streamable HTTP, through the maintained client."""
