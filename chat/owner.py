"""Who this process is, for the rows of the generations that it produces."""

from __future__ import annotations

import os
import re
import secrets
import socket

# Letters, digits, "-" and "." alone: it is part of a channel layer's group name.
OWNER = f"{re.sub(r'[^A-Za-z0-9-]', '-', socket.gethostname())[:40]}.{os.getpid()}.{secrets.token_hex(4)}"
