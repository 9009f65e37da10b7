from __future__ import annotations

import re

from ai_studio.ids import MAX_LENGTH, new_id


def test_ids_fit_addresses_and_columns():
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"[0-9a-f]{32}", each) for each in ids)
    assert len(next(iter(ids))) <= MAX_LENGTH
