"""What the page costs in a browser: a real Chromium in front of the product, and the emulator behind it (../README.md)."""
