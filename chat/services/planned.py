"""An answer before it is stored: which model is asked, what, and the rows that will say so. Synchronous."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models.functions import Now

from ai_studio import gateway
from chat import nesting, selectors
from chat.generation.live import Job
from chat.ids import new_id
from chat.models import Generation, Message, Session
from chat.owner import OWNER
from chat.parts import Part
from chat.presentation import message_json
from chat.prompt import Turn
from chat.services import attaching
from chat.services.side_by_side import Seat


@dataclass(frozen=True, slots=True)
class Planned:
    """An answer whose rows are not saved yet."""

    plan: gateway.Plan
    message: Message
    generation: Generation

    def job(self, turns: Sequence[Turn], partial: Sequence[Part], *, wants_title: bool) -> Callable[[float], Job]:
        generation, session = self.generation, self.generation.session

        def made(accepted_at: float) -> Job:
            return Job(
                generation_id=generation.pk,
                session_id=session.pk,
                user_id=session.user_id,
                plan=self.plan,
                turns=tuple(turns),
                message=message_json(self.message, generation),
                accepted_at=accepted_at,
                partial=tuple(partial),
                wants_title=wants_title,
            )

        return made


def planned_answer(session: Session, branch: list[Message], turns: list[Turn], seat: Seat) -> Planned:
    """To the message that the branch ends with, of which `turns` is what models may get. Raises what `gateway.plan` does, and ModelCannotReadFile."""
    plan = attaching.able(gateway.plan(wanted_for(session, branch, seat.model_id)), turns[-1])
    answer = Message(id=new_id(), session=session, parent=branch[-1], role=Message.Role.ASSISTANT)
    return Planned(plan, answer, _generation(session, answer, plan, seat))


def wanted_for(session: Session, branch: list[Message], model_id: str | None = None) -> gateway.Wanted:
    """What the next answer on the branch is planned from; the inspector looks at the same. `model_id`: for it alone."""
    return gateway.Wanted(
        user_id=session.user_id,
        team_id=session.team_id,
        model_id=model_id,
        session_model_id=session.model_id,
        agent_id=session.agent_id,
        effort=session.effort or None,
        previous_agent=_previous_agent(branch),
        folders=tuple((one.id, one.instructions) for one in nesting.around(session.folder_id) if one.instructions),
        keeps_prompt=not session.is_temporary,
    )


def _generation(session: Session, answer: Message, plan: gateway.Plan, seat: Seat) -> Generation:
    route = plan.routes[0]
    return Generation(
        id=seat.generation_id,
        beside=seat.group,
        place=seat.place,
        session=session,
        message=answer,
        user_id=session.user_id,
        model_id=route.model_id,
        model_name=route.model_name,
        agent_id=session.agent_id,
        agent_name=plan.agent_name,
        resolution=[step.as_json() for step in plan.resolution.steps],
        prompt_hash=route.prompt.hash,
        provenance=[paragraph.as_json() for paragraph in route.prompt.provenance],
        owner=OWNER,
        heartbeat_at=Now(),
    )


def _previous_agent(branch: list[Message]) -> tuple[str | None, str | None] | None:
    for message in reversed(branch):
        generation = selectors.generation_of(message)
        if generation is not None and generation.status == Generation.Status.COMPLETED:
            return generation.agent_id, generation.agent_name or None
    return None
