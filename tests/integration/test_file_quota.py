"""The room that all files of a person may take."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.models import Attachment
from tests import factories
from tests.integration.rest import assert_refused
from tests.integration.uploads import post_file, uploaded

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_files_of_a_person_fit_into_their_room(api, alice, people, stored, settings):
    settings.FILES_PER_PERSON_MEGABYTES = 1
    megabyte = 1024 * 1024
    session = factories.make_session(alice)
    sent = factories.make_attachment(alice, session=session, state="sent", size=megabyte - 10)
    fork = factories.make_session(alice)
    factories.make_attachment(alice, session=fork, state="sent", size=sent.size, key=sent.key)
    factories.make_attachment(people.bob, size=megabyte)
    with CaptureQueriesContext(connection) as captured:
        uploaded(api, b"ten bytes.")
    assert sum("SUM(" in query["sql"] for query in captured) == 1
    error = assert_refused(post_file(api, b"x"), 409, "file_quota_reached")
    assert "1 MB" in error["text"]
    assert Attachment.objects.filter(user=alice).count() == 3
    Attachment.objects.filter(key=sent.key).delete()
    uploaded(api, b"x")
