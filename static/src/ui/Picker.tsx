import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { Icon } from "./Icon.tsx";
import { picker } from "./screen.ts";

interface Props {
  kind: NonNullable<typeof picker.value>;
  chip: ComponentChildren;
  List(props: { close(refocus: boolean): void }): JSX.Element | null;
}

/** A chip that says what is chosen and opens a list that can be searched. */
export function Picker({ kind, chip: face, List }: Props): JSX.Element {
  const chip = useRef<HTMLButtonElement>(null);
  const shown = picker.value === kind;
  function close(refocus: boolean): void {
    if (picker.peek() === kind) picker.value = null;
    if (refocus) chip.current?.focus();
  }
  return (
    <div class="picker">
      <button
        type="button" class="chip" ref={chip} aria-haspopup="dialog" aria-expanded={shown} data-picker={kind}
        onPointerDown={(event) => { if (shown) event.stopPropagation(); }}
        onClick={() => { picker.value = shown ? null : kind; }}
        // The list takes the keys over once its code is there.
        onKeyDown={({ key }) => { if (key === "Escape") picker.value = null; }}
      >
        {face}
        <Icon name="chevron" />
      </button>
      {shown && <List close={close} />}
    </div>
  );
}
