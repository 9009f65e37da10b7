import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "./Icon.tsx";
import { BranchMap } from "./map/BranchMap.tsx";
import { Palette } from "./Palette.tsx";
import { dialog, sendKey } from "./screen.ts";
import { t } from "../core/t.ts";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

const SHORTCUTS: readonly (readonly [what: string, ...keys: string[]])[] = [
  [t("Commands, chats, models"), "Ctrl", "K"],
  [t("New chat"), "Ctrl", "Shift", "O"],
  [t("Search your chats"), "Ctrl", "Shift", "F"],
  [t("Map of branches"), "Ctrl", "Shift", "Y"],
  [t("Go to the message field"), "/"],
  [t("Go to the message field, from anywhere"), "Shift", "Esc"],
  [t("Stop the answer"), "Esc"],
  [t("What you sent before, in an empty field"), "↑"],
  [t("Let an agent answer"), "@"],
  [t("Let another model answer as well, side by side"), "+"],
  [t("Put in a saved prompt, at the start of a message"), "/"],
  [t("Save an edited message"), "Ctrl", "Enter"],
  [t("This list"), "?"],
];

function Keys({ keys }: { keys: readonly string[] }): JSX.Element {
  return <>{keys.map((key) => <kbd key={key}>{key === "Ctrl" && MAC ? "⌘" : key}</kbd>)}</>;
}

function Shortcuts(): JSX.Element {
  const sending = sendKey.value === "enter" ? ["Enter"] : ["Ctrl", "Enter"];
  const breaking = sendKey.value === "enter" ? ["Shift", "Enter"] : ["Enter"];
  return (
    <>
      <h2>{t("Keyboard")}</h2>
      <dl>
        <div><dt>{t("Send")}</dt><dd><Keys keys={sending} /></dd></div>
        <div><dt>{t("New line")}</dt><dd><Keys keys={breaking} /></dd></div>
        {SHORTCUTS.map(([what, ...keys]) => <div key={what}><dt>{what}</dt><dd><Keys keys={keys} /></dd></div>)}
      </dl>
      <label class="send-key">
        <input
          type="checkbox" checked={sendKey.value === "ctrl-enter"}
          onChange={({ currentTarget }) => { sendKey.value = currentTarget.checked ? "ctrl-enter" : "enter"; }}
        />
        {t("Enter makes a new line, {key}+Enter sends", { key: MAC ? "⌘" : "Ctrl" })}
      </label>
    </>
  );
}

function Modal({ name, label, children }: { name: string; label: string; children: ComponentChildren }): JSX.Element {
  const frame = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    if (frame.current?.open === false) frame.current.showModal();
    return () => { if (before instanceof HTMLElement) before.focus(); };
  }, []);
  const close = (): void => { dialog.value = null; };
  return (
    <dialog
      ref={frame} class={name} aria-label={label} onClose={close} onKeyDown={(event) => event.stopPropagation()}
      onClick={({ target, currentTarget }) => { if (target === currentTarget) close(); }}
    >
      {children}
    </dialog>
  );
}

/** The window that is open over the page. */
export function Dialogs({ shown }: { shown: NonNullable<typeof dialog.value> }): JSX.Element {
  if (shown === "palette") return <Modal key="palette" name="palette" label={t("Commands")}><Palette /></Modal>;
  if (shown === "map") return <Modal key="map" name="map" label={t("Map of branches")}><BranchMap /></Modal>;
  return (
    <Modal key="shortcuts" name="shortcuts" label={t("Keyboard shortcuts")}>
      <button type="button" class="action dialog-close" aria-label={t("Close")} onClick={() => { dialog.value = null; }}><Icon name="close" /></button>
      <Shortcuts />
    </Modal>
  );
}
