"""Rows with sensible defaults. The people of every story: Alice owns, Bob is in her team, Charlie is a stranger."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils import timezone

from ai_studio.ids import new_id
from ai_studio.models import Agent, LanguageModel, Membership, Provider, SavedPrompt, Team, TeamModel, User
from chat.models import Attachment, Folder, Message, Participant, Schedule, Session

PASSWORD = "correct-horse-battery-staple"
_number = count(1)


@dataclass(frozen=True)
class People:
    """`team` is Alice's and Bob's; `other_team` is Charlie's."""

    alice: User
    bob: User
    charlie: User
    team: Team
    other_team: Team


def make_user(name: str = "Ada", **fields: Any) -> User:
    """Signs in with `PASSWORD`; the address is made from the name."""
    fields.setdefault("email", f"{name.lower()}@example.com")
    return User.objects.create_user(password=PASSWORD, name=name, **fields)


def make_team(name: str | None = None) -> Team:
    return Team.objects.create(name=name or f"Team {next(_number)}")


def join(user: User, team: Team, role: str = Membership.Role.MEMBER) -> Membership:
    """Makes `team` the user's active one as well."""
    membership = Membership.objects.create(user=user, team=team, role=role)
    user.active_team = team
    user.save(update_fields=["active_team"])
    return membership


def make_people() -> People:
    alice, bob, charlie = (make_user(name) for name in ("Alice", "Bob", "Charlie"))
    team, other_team = make_team("Research"), make_team("Elsewhere")
    join(alice, team, Membership.Role.OWNER)
    join(bob, team)
    join(charlie, other_team, Membership.Role.OWNER)
    return People(alice, bob, charlie, team, other_team)


def make_provider(**fields: Any) -> Provider:
    """OpenAI's format at an address that nothing answers; pass `base_url` to reach the emulator."""
    defaults = {"name": f"Provider {next(_number)}", "provider_key": "openai", "base_url": "http://127.0.0.1:9/v1"}
    return Provider.objects.create(**defaults | fields)


def make_model(provider: Provider | None = None, **fields: Any) -> LanguageModel:
    defaults = {"model_id": "story", "display_name": f"Model {next(_number)}"}
    return LanguageModel.objects.create(provider=provider or make_provider(), **defaults | fields)


def enable(model: LanguageModel, team: Team, **fields: Any) -> TeamModel:
    return TeamModel.objects.create(team=team, model=model, **fields)


def make_agent(team: Team, **fields: Any) -> Agent:
    defaults = {"name": f"Agent {next(_number)}", "instructions": "Answer in one sentence."}
    return Agent.objects.create(team=team, **defaults | fields)


def make_prompt(owner: Team | User, **fields: Any) -> SavedPrompt:
    """A team's or a person's own."""
    defaults = {"name": f"prompt-{next(_number)}", "title": "A prompt", "text": "Summarise this."}
    key = "team" if isinstance(owner, Team) else "user"
    return SavedPrompt.objects.create(**{key: owner}, **defaults | fields)


def make_session(user: User, **fields: Any) -> Session:
    """In the user's active team."""
    return Session.objects.create(id=new_id(), user=user, team=fields.pop("team", user.active_team), **fields)


def make_folder(user: User, **fields: Any) -> Folder:
    """In the user's active team."""
    return Folder.objects.create(id=new_id(), user=user, **{"team": user.active_team, "name": "Folder"} | fields)


def make_schedule(user: User, **fields: Any) -> Schedule:
    """In the user's active team, every day at nine, and to come a minute ago."""
    given = {"name": "Morning", "prompt": "What is new?", "next_at": timezone.now() - timedelta(minutes=1)}
    when = {"at": time(9), "zone": "UTC", "weekdays": [1, 2, 3, 4, 5, 6, 7]}
    return Schedule.objects.create(user=user, **{"team": user.active_team} | given | when | fields)


def make_attachment(user: User, **fields: Any) -> Attachment:
    """A text that has been read, and not been sent. Nothing is stored under its key."""
    defaults = {"name": "notes.txt", "media_type": "text/plain", "size": 9, "text": "Some text", "state": "ready"}
    attachment_id = new_id()
    return Attachment.objects.create(id=attachment_id, user=user, **{"key": attachment_id} | defaults | fields)


def make_guest(name: str, session: Session) -> User:
    """A new member of the session's team, who writes in it."""
    guest = make_user(name)
    join(guest, session.team)
    return let_in(guest, session)


def let_in(guest: User, session: Session) -> User:
    Participant.objects.create(session=session, user=guest)
    Session.objects.filter(pk=session.pk).update(is_joint=True)
    session.is_joint = True
    return guest


def make_message(session: Session, text: str = "Hello", **fields: Any) -> Message:
    """From the user, at the end of the session's branch, which it becomes."""
    defaults = {"role": Message.Role.USER, "parts": [{"type": "text", "text": text}], "parent": session.leaf}
    message = Message.objects.create(id=new_id(), session=session, text=text, **defaults | fields)
    session.leaf = message
    session.save(update_fields=["leaf"])
    return message


def service_account_file(token_uri: str = "https://oauth2.googleapis.com/token") -> str:
    """As Google gives it out, with a key of its own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    account = {
        "type": "service_account",
        "project_id": "p",
        "private_key_id": "0123456789abcdef7e57",
        "private_key": pem,
    }
    return json.dumps(account | {"client_email": "a@p.iam.gserviceaccount.com", "token_uri": token_uri})
