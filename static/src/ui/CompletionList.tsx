import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { active, choose, type Completion, completions } from "./completions.ts";
import { Icon } from "./Icon.tsx";

const ATTRIBUTES = ["aria-autocomplete", "aria-controls", "aria-activedescendant"] as const;

/** Tells a screen reader, in the field that has the focus, which option Enter would choose; null: there is no list. */
function describe(index: number | null): void {
  const field = document.querySelector("#message");
  const values = index === null ? null : ["list", "completions", `completion-${index}`];
  ATTRIBUTES.forEach((name, at) => {
    const value = values?.[at];
    if (value === undefined) field?.removeAttribute(name);
    else field?.setAttribute(name, value);
  });
}

function Option({ option, index, isActive }: { option: Completion; index: number; isActive: boolean }): JSX.Element {
  const row = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => { if (isActive) row.current?.scrollIntoView({ block: "nearest" }); }, [isActive]);
  return (
    <li
      ref={row} id={`completion-${index}`} class={isActive ? "option active" : "option"} role="option" aria-selected={isActive}
      onPointerDown={(event) => event.preventDefault()} onClick={() => choose(option)}
    >
      <span class="option-face" aria-hidden="true">{option.face === "" ? <Icon name={option.icon} /> : option.face}</span>
      <span class="option-text">
        <span class="option-name">{option.name}</span>
        {option.about !== "" && <span class="option-about">{option.about}</span>}
      </span>
      {option.note !== "" && <span class="option-note">{option.note}</span>}
    </li>
  );
}

/** What "@…" or "/…" may mean, above the composer. The keys are the composer's. */
export function CompletionList(): JSX.Element | null {
  const { label, options } = completions.value;
  const index = options.length === 0 ? null : active.value;
  useLayoutEffect(() => {
    describe(index);
    return () => describe(null);
  }, [index]);
  if (index === null) return null;
  return (
    <ul class="completions" id="completions" role="listbox" aria-label={label}>
      {options.map((option, at) => <Option key={option.key} option={option} index={at} isActive={at === index} />)}
    </ul>
  );
}
