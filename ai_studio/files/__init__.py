"""Files that people bring along: what they are, whether they are harmless, and where they are kept. It knows no rows."""
