"""Why a file is not taken: a sentence for each reason, which the chat tells as its own error."""

from __future__ import annotations

import pytest

from ai_studio.files import problems
from chat import errors
from chat.files import told


@pytest.mark.parametrize("kind", problems.FileProblem.__subclasses__())
def test_each_has_a_sentence_and_an_error_of_the_chat(kind: type[problems.FileProblem]):
    assert str(kind()) == kind.text != ""
    with pytest.raises(errors.ChatError, match=r"Word for 3\.") as caught, told():
        raise kind("Word for {limit}.", limit=3)
    assert (caught.value.sentence, caught.value.values) == ("Word for {limit}.", {"limit": 3})
    assert type(caught.value).__name__ == kind.__name__
    assert type(caught.value).__module__ == "chat.errors"
