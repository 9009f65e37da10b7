"""The documents of libraries: taken in, cut into passages, searched, taken out again."""
