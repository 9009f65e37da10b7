"""The services that make teams and say who belongs where."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from ai_studio import services
from ai_studio.models import Membership, TeamModel
from tests.factories import enable, make_model, make_team, make_user

pytestmark = pytest.mark.django_db


def test_whoever_makes_a_team_owns_it_and_starts_there():
    owner = make_user()
    team = services.create_team(name="Labs", owner=owner)
    assert Membership.objects.get(team=team, user=owner).role == "owner"
    owner.refresh_from_db()
    assert owner.active_team == team


def test_a_second_team_does_not_move_anybody():
    user = make_user()
    first = services.create_team(name="First", owner=user)
    services.create_team(name="Second", owner=user)
    user.refresh_from_db()
    assert user.active_team == first


def test_nobody_is_in_a_team_twice():
    user, team = make_user(), make_team()
    services.add_member(team=team, user=user)
    with pytest.raises(ValidationError, match="in the team already"):
        services.add_member(team=team, user=user, role="admin")
    assert Membership.objects.get(team=team, user=user).role == "member"


def test_whoever_leaves_the_last_team_has_none():
    user = make_user()
    team = services.create_team(name="Labs", owner=user)
    services.remove_member(membership=Membership.objects.get(team=team, user=user))
    user.refresh_from_db()
    assert user.active_team is None


def test_leaving_another_team_moves_nobody():
    user = make_user()
    first = services.create_team(name="First", owner=user)
    second = services.create_team(name="Second", owner=user)
    services.remove_member(membership=Membership.objects.get(team=second, user=user))
    user.refresh_from_db()
    assert user.active_team == first


def test_there_is_one_default_model():
    team = make_team()
    old, off, new = make_model(), make_model(), make_model()
    enable(old, team, is_default=True)
    enable(off, team, is_enabled=False)
    for model in (off, new, new):
        services.set_default_model(team=team, model=model)
        default = TeamModel.objects.get(team=team, is_default=True)
        assert (default.model, default.is_enabled) == (model, True)
    assert TeamModel.objects.filter(team=team).count() == 3
