"""The stream log: the truth for everybody who watches a generation. `base` specifies it; `memory` is one process's."""
