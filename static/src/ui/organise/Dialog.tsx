import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../Icon.tsx";
import { t } from "../../core/t.ts";

/** A dialog in the middle of the page. Escape and a press beside it close it; the browser keeps the focus in it and gives it back. */
export function Dialog({ title, close, children }: { title: string; close(): void; children: ComponentChildren }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>("[data-first]")?.focus();
  }, []);
  return (
    <dialog
      class="dialog" ref={dialog} aria-label={title} onClose={close} onKeyDown={(event) => event.stopPropagation()}
      onPointerDown={(event) => { if (event.target === dialog.current) close(); }}
    >
      <header class="dialog-head">
        <h2>{title}</h2>
        <button type="button" class="action" aria-label={t("Close")} onClick={close}><Icon name="close" /></button>
      </header>
      {children}
    </dialog>
  );
}
