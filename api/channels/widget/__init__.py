"""The help window of a website, as it is set up."""
