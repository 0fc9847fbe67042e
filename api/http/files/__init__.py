"""Files that come with messages: taken in, and given out to people."""
