"""The API's document for people, from files of our own."""
