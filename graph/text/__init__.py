"""What is done to text, whoever asks: mail, sentences, words, language, personal data."""
