"""Answers to one message that stand side by side: where each stands, and who may be written at the same time. Synchronous.

Those that stand together name the generation that leads them (`Generation.beside`), and each has a place. An answer that takes
the place of another has the same place, and is the younger one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ai_studio import gateway
from chat import selectors
from chat.commands import MOST_BESIDE
from chat.errors import GenerationInProgress, InvalidCommand, ModelUnavailable
from chat.ids import new_id
from chat.models import Generation, Message, Session


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an answer will stand. `group`: the generation that leads, "" for one that leads or stands alone.

    `model_id` is asked this once; None: the session decides.
    """

    model_id: str | None = None
    group: str = ""
    place: int = 0
    generation_id: str = field(default_factory=new_id)


def with_others(session: Session, model_ids: Sequence[str]) -> list[Seat]:
    """For a new message: the answer that leads, and one of each model at its side. Raises ModelUnavailable."""
    require_usable(session, model_ids)
    first = Seat()
    return [first, *(Seat(model_id, first.generation_id, place) for place, model_id in enumerate(model_ids, start=1))]


def beside(session: Session, generation: Generation | None, model_ids: Sequence[str]) -> list[Seat]:
    """At the side of an answer that is there, in places where none stands yet. Raises InvalidCommand, ModelUnavailable."""
    require_usable(session, model_ids)
    if generation is None:
        raise InvalidCommand("Other models are asked beside an answer of a model. This one was written by hand.")
    group = generation.group
    taken = set(Generation.objects.together(group).values_list("place", flat=True))
    free = [place for place in range(1, MOST_BESIDE + 1) if place not in taken]
    if len(model_ids) > len(free):
        raise InvalidCommand("Up to {most} answers stand side by side.", {"most": MOST_BESIDE + 1})
    return [Seat(model_id, group, place) for model_id, place in zip(model_ids, free, strict=False)]


def instead(session: Session, generation: Generation | None, model_id: str | None) -> Seat:
    """Of an answer that comes in place of another one, whose model is asked again where it stood at another's side.

    Raises ModelUnavailable.
    """
    group = ""
    if generation is not None and (generation.beside or session.generations.filter(beside=generation.pk).exists()):
        group = generation.group
        model_id = model_id or (generation.model_id if generation.place else None)
    if model_id is not None:
        require_usable(session, [model_id])
    return Seat(model_id, group, generation.place if group and generation else 0)


def require_usable(session: Session, model_ids: Sequence[str]) -> None:
    """Raises ModelUnavailable where the team may not use one of them now."""
    if not all(gateway.named_model(session.team_id, model_id) for model_id in model_ids):
        raise ModelUnavailable


def leaves_leaf(session: Session, seat: Seat, replaced: Message) -> bool:
    """Whether the branch on the screen ends with another one of those that stand there: then the new answer does not end it."""
    if not seat.group:
        return False
    last = Message.objects.filter(pk=session.leaf_id).first()
    while last is not None and last.role == Message.Role.TRANSITION:
        last = last.parent
    if last is None or last.pk == replaced.pk:
        return False
    return Generation.objects.together(seat.group).filter(message=last).exists()


def require_quiet(session_id: str, group: str = "", begun: Sequence[str] = ()) -> None:
    """Raises GenerationInProgress while an answer is written in the session, but for those of the group and those `begun` now.

    In the transaction that changes the session, after its row is held: whoever began another answer has committed it by then.
    """
    for generation in selectors.active_of(session_id):
        if generation.pk not in begun and (not group or generation.group != group):
            raise GenerationInProgress
