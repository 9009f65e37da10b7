import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { FilePart } from "../../core/protocol.ts";
import { t } from "../../core/t.ts";
import { Icon } from "../Icon.tsx";

interface PicturesProps {
  pictures: readonly FilePart[];
  index: number;
  /** Goes to another one; null closes. */
  show(index: number | null): void;
}

/** The pictures of a message, large, one at a time. The arrow keys go through them. */
export function Pictures({ pictures, index, show }: PicturesProps): JSX.Element | null {
  const frame = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    if (frame.current?.open === false) frame.current.showModal();
    return () => { if (before instanceof HTMLElement) before.focus(); };
  }, []);
  const shown = pictures[index];
  if (shown === undefined) return null;
  function onKeyDown(event: KeyboardEvent): void {
    event.stopPropagation();
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by !== undefined) show((index + by + pictures.length) % pictures.length);
  }
  return (
    <dialog
      ref={frame} class="pictures" aria-label={shown.filename} onClose={() => show(null)} onKeyDown={onKeyDown}
      onClick={({ target, currentTarget }) => { if (target === currentTarget) show(null); }}
    >
      <header>
        <h2 dir="auto">{shown.filename}</h2>
        {pictures.length > 1 && <span>{t("{number} of {all}", { number: index + 1, all: pictures.length })}</span>}
        <a class="action" href={shown.url} download={shown.filename} aria-label={t("Save {name}", { name: shown.filename })} title={t("Save")}><Icon name="download" /></a>
        <button type="button" class="action" aria-label={t("Close")} title={t("Close (Escape)")} onClick={() => show(null)}><Icon name="close" /></button>
      </header>
      <img src={shown.url} alt={shown.filename} />
    </dialog>
  );
}
