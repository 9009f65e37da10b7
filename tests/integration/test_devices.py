"""The browsers that somebody is signed in with: listed, told apart, and signed out one by one or all but this."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session as Stored
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from ai_studio.models import SecurityEvent, User
from chat.consumers import CLOSE_NOT_SIGNED_IN
from chat.models import Device
from chat.services.devices import STAMP_EVERY, browser_name, seen
from tests.factories import PASSWORD
from tests.integration.conftest import OpenTab
from tests.integration.rest import signed_in
from tests.integration.tabs import Closed, Tab

pytestmark = pytest.mark.django_db(transaction=True)

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"


def browser(user: User, user_agent: str = FIREFOX) -> Client:
    """Signed in through the door."""
    client = Client(headers={"user-agent": user_agent})
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def is_in(client: Client) -> bool:
    return client.get("/api/studio").status_code == 200


def test_browsers_are_told_apart_by_their_names():
    assert [browser_name(one) for one in (FIREFOX, SAFARI, EDGE)] == [
        "Firefox on Linux",
        "Safari on iPhone",
        "Edge on Windows",
    ]
    assert browser_name("") == "A browser"
    assert browser_name("<script>" * 100) == "A browser"


def test_the_page_lists_them_and_marks_this_one(people):
    laptop, phone = browser(people.alice), browser(people.alice, SAFARI)
    browser(people.bob, EDGE)
    page = laptop.get("/settings/").content.decode()
    assert page.count("this one") == 1
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert "Edge" not in page
    for key in Device.objects.values_list("session_key", flat=True):
        assert key not in page
    assert is_in(phone)


def test_one_is_signed_out_and_the_others_stay(people):
    laptop, phone = browser(people.alice), browser(people.alice, SAFARI)
    device = Device.objects.get(browser="Safari on iPhone")
    page = laptop.post(f"/settings/devices/{device.pk}/sign-out/", follow=True).content.decode()
    assert "That browser is signed out." in page
    assert "Safari on iPhone" not in page
    assert (is_in(laptop), is_in(phone)) == (True, False)
    [event] = SecurityEvent.objects.filter(event="sign_out")
    assert (event.actor, event.subject) == (people.alice.email, "Safari on iPhone")


def test_all_others_are_signed_out_with_the_tokens_where_that_is_asked_for(people):
    laptop, phone, bobs = browser(people.alice), browser(people.alice, SAFARI), browser(people.bob)
    AuthToken.objects.create(people.alice)
    AuthToken.objects.create(people.bob)
    laptop.post("/settings/devices/sign-out/")
    assert [is_in(one) for one in (laptop, phone, bobs)] == [True, False, True]
    assert AuthToken.objects.count() == 2
    page = laptop.post("/settings/devices/sign-out/", {"tokens": "on"}, follow=True).content.decode()
    assert "0 other browsers are signed out. 1 API token is revoked." in page
    assert AuthToken.objects.get().user == people.bob


def test_somebody_else_s_is_answered_like_one_that_is_not_there(people):
    alices, bobs = browser(people.alice), browser(people.bob)
    device = Device.objects.get(user=people.alice)
    bobs.get("/settings/")  # takes what signing in had to say
    foreign = bobs.post(f"/settings/devices/{device.pk}/sign-out/")
    unknown = bobs.post("/settings/devices/nobody-has-this-one/sign-out/")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
    assert is_in(alices)
    for path in (f"{device.pk}/sign-out/", "sign-out/"):
        assert Client().post(f"/settings/devices/{path}").status_code == 302
        assert alices.get(f"/settings/devices/{path}").status_code == 405
    assert is_in(alices)


async def test_the_tabs_of_a_signed_out_browser_are_closed_at_once_and_no_others(people, open_tab: OpenTab):
    phone, bobs = await open_tab(people.alice), await open_tab(people.bob)
    laptop = await sync_to_async(signed_in)(people.alice)
    await sync_to_async(laptop.get)("/settings/")
    own = await Tab(await sync_to_async(lambda: laptop.session.session_key)()).open()
    await sync_to_async(laptop.post)("/settings/devices/sign-out/")
    with pytest.raises(Closed) as closed:
        await phone.until_type("never")
    assert closed.value.args[0] == CLOSE_NOT_SIGNED_IN
    for open_still in (own, bobs):
        await open_still.command("ping")
    await own.close()


def test_who_signs_out_is_off_the_list(people):
    laptop, phone = browser(people.alice), browser(people.alice, SAFARI)
    phone.post("/accounts/logout/")
    assert [device.browser for device in Device.objects.all()] == ["Firefox on Linux"]
    assert is_in(laptop)


def test_what_has_ended_otherwise_is_not_listed(people):
    """A changed password, and a session that has run out."""
    laptop = browser(people.alice)
    browser(people.alice, SAFARI)
    browser(people.alice, EDGE)
    edge = Device.objects.get(browser="Edge on Windows")
    Stored.objects.filter(pk=edge.session_key).delete()
    assert "Edge" not in laptop.get("/settings/").content.decode()
    new = "another-correct-horse"
    laptop.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    page = laptop.get("/settings/").content.decode()
    assert "Safari" not in page
    assert page.count("this one") == 1
    assert Device.objects.count() == 1


def test_it_writes_now_and_then_and_forgets_what_is_long_over(people, django_assert_num_queries):
    seen(people.alice.pk, "key-one", FIREFOX)
    with django_assert_num_queries(1):
        seen(people.alice.pk, "key-one", FIREFOX)
    Device.objects.update(last_used_at=timezone.now() - STAMP_EVERY * 2)
    seen(people.alice.pk, "key-one", FIREFOX)
    assert timezone.now() - Device.objects.get().last_used_at < STAMP_EVERY
    Device.objects.update(last_used_at=timezone.now() - timedelta(days=365))
    seen(people.alice.pk, "key-two", FIREFOX)
    assert [device.session_key for device in Device.objects.all()] == ["key-two"]


def test_a_browser_that_somebody_else_signs_in_with_is_theirs(people):
    seen(people.alice.pk, "key-one", FIREFOX)
    seen(people.bob.pk, "key-one", FIREFOX)
    assert Device.objects.get().user == people.bob


async def test_a_socket_is_a_sign_of_use(people, open_tab: OpenTab):
    await sync_to_async(Device.objects.all().delete)()
    await open_tab(people.alice)
    assert (await sync_to_async(Device.objects.get)()).user_id == people.alice.pk
