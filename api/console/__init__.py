"""The console: pages for the people of the desk, served by the API's own process."""
