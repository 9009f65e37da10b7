"""`python -m ai_studio.emulator --host 127.0.0.1 --port 8081`."""

from __future__ import annotations

import argparse

from ai_studio.emulator.server import main

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m ai_studio.emulator", description="Emulates three LLM providers.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free port")
    options = parser.parse_args()
    main(options.host, options.port)
