"""What the full-text searches of both layers share: what was typed, as words, and these words in the language of each database."""
