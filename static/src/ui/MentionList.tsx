import type { JSX } from "preact";
import { active, mention, mentioned } from "./composerKeys.ts";
import { Icon } from "./Icon.tsx";

/** The agents that "@…" may mean, above the composer. The keys are the composer's. */
export function MentionList(): JSX.Element | null {
  const agents = mentioned.value;
  if (agents.length === 0) return null;
  return (
    <ul class="mentions" id="mentions" role="listbox" aria-label="Agents">
      {agents.map((agent, index) => (
        <li
          key={agent.id} id={`mention-${index}`} class={index === active.value ? "option active" : "option"} role="option"
          aria-selected={index === active.value} onPointerDown={(event) => event.preventDefault()} onClick={() => mention(agent)}
        >
          <span class="option-face" aria-hidden="true">{agent.icon === "" ? <Icon name="agent" /> : agent.icon}</span>
          <span class="option-text">
            <span class="option-name">{agent.name}</span>
            {agent.description !== "" && <span class="option-about">{agent.description}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
