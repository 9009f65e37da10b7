"""What one streamed token costs: this product, the naive way of doing it, and a bare relay, in one go (README.md)."""
