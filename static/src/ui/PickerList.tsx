import type { ComponentChildren, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./Icon.tsx";
import { t } from "../core/t.ts";

export interface Option {
  /** Null chooses nothing: what the page decides by itself. */
  id: string | null;
  name: string;
  group: string;
  /** Also searched. */
  about: string;
  face: ComponentChildren;
  notes: readonly string[];
}

interface Props {
  /** Names the elements. */
  kind: string;
  label: string;
  options: readonly Option[];
  selected: string | null;
  choose(id: string | null): void;
  close(refocus: boolean): void;
  /** What may be taken as well as the one that is chosen. */
  also?: Also | undefined;
}

export interface Also {
  /** Says what the mark of an option does. */
  label(name: string): string;
  /** Says that an option is taken. */
  taken: string;
  hint: string;
  has(id: string): boolean;
  /** Whether an option can be taken, or given back. */
  offers(id: string): boolean;
  toggle(id: string): void;
}

function matching(options: readonly Option[], query: string): readonly Option[] {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return options.filter(({ name, group, about, notes }) => {
    const text = [name, group, about, ...notes].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** For a mouse or a finger: an option can hold no button. By keys it is Shift+Enter. */
function AlsoMark({ also, id, name }: { also: Also; id: string; name: string }): JSX.Element {
  const taken = also.has(id);
  return (
    <>
      {taken && <span class="unseen">{also.taken}</span>}
      <span
        class={taken ? "option-also taken" : "option-also"} aria-hidden="true" title={also.label(name)}
        onClick={(event) => {
          event.stopPropagation();
          also.toggle(id);
        }}
      >
        <Icon name={taken ? "check" : "add"} />
      </span>
    </>
  );
}

function OptionRow({ option, index, selected, active, kind, also, pick }: {
  option: Option; index: number; selected: boolean; active: boolean; kind: string; also: Also | undefined; pick(): void;
}): JSX.Element {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => { if (active) row.current?.scrollIntoView({ block: "nearest" }); }, [active]);
  return (
    <li
      ref={row}
      id={`${kind}-option-${index}`}
      class={active ? "option active" : "option"}
      role="option"
      aria-selected={selected}
      onPointerDown={(event) => event.preventDefault()}
      onClick={pick}
    >
      <span class="option-face" aria-hidden="true">{option.face}</span>
      <span class="option-text">
        <span class="option-name">{option.name}</span>
        {option.about !== "" && <span class="option-about">{option.about}</span>}
        {option.notes.length > 0 && <span class="option-notes">{option.notes.map((note) => <span key={note}>{note}</span>)}</span>}
      </span>
      {selected && <Icon name="check" />}
      {option.id !== null && also?.offers(option.id) === true && <AlsoMark also={also} id={option.id} name={option.name} />}
    </li>
  );
}

function Options({ kind, label, options, selected, active, also, pick }: Pick<Props, "kind" | "label" | "options" | "selected" | "also"> & {
  active: number; pick(option: Option): void;
}): JSX.Element {
  let group = "";
  return (
    <ul class="options" id={`${kind}-options`} role="listbox" aria-label={label}>
      {options.length === 0 && <li class="option-none" role="presentation">{t("Nothing is called that.")}</li>}
      {options.map((option, index) => {
        const heading = option.group !== group && option.group !== "" ? option.group : null;
        group = option.group;
        return [
          heading === null ? null : <li class="option-group" role="presentation" key={`group ${heading}`}>{heading}</li>,
          <OptionRow
            key={option.id} kind={kind} option={option} index={index} selected={option.id === selected} active={index === active} also={also}
            pick={() => pick(option)}
          />,
        ];
      })}
    </ul>
  );
}

function useOutside(root: { current: HTMLElement | null }, leave: () => void): void {
  useEffect(() => {
    const pressed = (event: Event): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) leave();
    };
    document.addEventListener("pointerdown", pressed);
    return () => document.removeEventListener("pointerdown", pressed);
  }, []);
}

function enter(event: KeyboardEvent, option: Option | undefined, also: Also | undefined, pick: (option: Option | undefined) => void): void {
  const id = option?.id;
  if (event.isComposing) return;
  if (!event.shiftKey || also === undefined) pick(option);
  else if (id != null && also.offers(id)) also.toggle(id);
}

/** The list of a picker, with a field that searches it. */
export function PickerList({ kind, label, options, selected, choose, close, also }: Props): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState("");
  const found = matching(options, query);
  const [active, setActive] = useState(() => Math.max(0, options.findIndex(({ id }) => id === selected)));
  useLayoutEffect(() => input.current?.focus(), []);
  useOutside(root, () => close(false));

  function pick(option: Option | undefined): void {
    if (option === undefined) return;
    if (option.id !== selected) choose(option.id);
    close(true);
  }
  function onKeyDown(event: KeyboardEvent): void {
    const last = found.length - 1;
    const moves: Record<string, () => void> = {
      ArrowDown: () => setActive(active >= last ? 0 : active + 1),
      ArrowUp: () => setActive(active <= 0 ? last : active - 1),
      Home: () => setActive(0),
      End: () => setActive(last),
      Enter: () => enter(event, found[active], also, pick),
      Escape: () => close(true),
    };
    const move = moves[event.key];
    if (event.key === "Tab") close(false);
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  }
  return (
    <div class="popover" ref={root} role="dialog" aria-label={label}>
      <label class="popover-search">
        <Icon name="search" />
        <input
          ref={input} type="text" role="combobox" aria-label={label} aria-expanded="true" aria-controls={`${kind}-options`}
          aria-activedescendant={found.length > 0 ? `${kind}-option-${active}` : undefined} aria-autocomplete="list"
          autocomplete="off" placeholder={label} value={query} onKeyDown={onKeyDown}
          onInput={(event) => { setQuery(event.currentTarget.value); setActive(0); }}
        />
      </label>
      <Options kind={kind} label={label} options={found} selected={selected} active={active} also={also} pick={pick} />
      {also !== undefined && <p class="popover-hint">{also.hint}</p>}
    </div>
  );
}
