"""Files of messages and uploads: what is listed, and the bytes, which are there once."""
