"""An answer before it is stored: which model is asked, what, and the rows that will say so. Synchronous."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models.functions import Now

from ai_studio import gateway
from chat import nesting
from chat.branches import Said
from chat.generation.live import Job
from chat.guidance import Guidance
from chat.ids import new_id
from chat.models import Generation, Message, Session
from chat.owner import OWNER
from chat.parts import Part
from chat.presentation import message_json
from chat.prompt import Turn
from chat.services import attaching
from chat.services.merging import Merged
from chat.services.side_by_side import Seat


@dataclass(frozen=True, slots=True)
class Planned:
    """An answer whose rows are not saved yet."""

    plan: gateway.Plan
    message: Message
    generation: Generation
    merged: Merged
    guidance: Guidance | None

    def job(self, turns: Sequence[Turn], partial: Sequence[Part], *, wants_title: bool) -> Callable[[float], Job]:
        generation = self.generation

        def made(accepted_at: float) -> Job:
            return Job(
                generation_id=generation.pk,
                session_id=generation.session_id,
                user_id=str(generation.user_id),
                plan=self.plan,
                turns=tuple(turns),
                message=message_json(self.message, generation),
                accepted_at=accepted_at,
                partial=tuple(partial),
                merged=tuple(self.merged.texts),
                guidance=self.guidance,
                wants_title=wants_title,
                is_joint=generation.session.is_joint,
            )

        return made


def planned_answer(
    user_id: str,
    session: Session,
    asked: Message,
    before: Sequence[Said],
    turns: list[Turn],
    seat: Seat,
    merged: Merged,
    guidance: Guidance | None,
) -> Planned:
    """For whoever asks, `user_id`: to the message `asked`, which follows `before`; `turns` is what models may get of all that. Out of others, where some are `merged`.

    `guidance`: what is wanted of it, where an answer is asked for again.
    Raises what `gateway.plan` does, and ModelCannotReadFile.
    """
    plan = attaching.able(gateway.plan(wanted_for(user_id, session, before, seat.model_id)), turns[-1])
    answer = Message(id=new_id(), session=session, parent=asked, role=Message.Role.ASSISTANT)
    generation = _generation(user_id, session, answer, plan, seat)
    generation.merged_from = list(merged.sources)
    if guidance is not None:
        generation.guidance, generation.guided_from = guidance.text, guidance.message_id
    return Planned(plan, answer, generation, merged, guidance)


def wanted_for(user_id: str, session: Session, branch: Sequence[Said], model_id: str | None = None) -> gateway.Wanted:
    """What the next answer on the branch is planned from, for who asks; the inspector looks at the same. `model_id`: for it alone."""
    return gateway.Wanted(
        user_id=user_id,
        team_id=session.team_id,
        model_id=model_id,
        session_model_id=session.model_id,
        agent_id=session.agent_id,
        effort=session.effort or None,
        previous_agent=_previous_agent(branch),
        folders=tuple((one.id, one.instructions) for one in nesting.around(session.folder_id) if one.instructions),
        keeps_prompt=not session.is_temporary,
        # What is remembered about one person is not for the others who read the answer.
        uses_memory=not session.is_temporary and not session.is_joint,
        session_id=session.pk,
    )


def _generation(user_id: str, session: Session, answer: Message, plan: gateway.Plan, seat: Seat) -> Generation:
    route = plan.routes[0]
    return Generation(
        id=seat.generation_id,
        beside=seat.group,
        place=seat.place,
        session=session,
        message=answer,
        user_id=user_id,
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


def _previous_agent(branch: Sequence[Said]) -> tuple[str | None, str | None] | None:
    for message in reversed(branch):
        if message.status == Generation.Status.COMPLETED:
            return message.agent_id, message.agent_name or None
    return None
