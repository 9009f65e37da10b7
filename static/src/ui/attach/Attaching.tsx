import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { addFiles, attached, hindrance, removeFile } from "../../app/attaching.ts";
import { type Attached, sizeOf } from "../../core/attached.ts";
import { t } from "../../core/t.ts";
import { Heard } from "../DictateButton.tsx";
import { Icon } from "../Icon.tsx";
import { focusComposer } from "../screen.ts";
import { FileFace } from "./FileFace.tsx";

function noteOf({ progress, uploaded, size }: Attached): string {
  if (uploaded !== null) return sizeOf(size);
  return progress < 1 ? t("{percent} % of {size}", { percent: Math.round(progress * 100), size: sizeOf(size) }) : t("Being checked…");
}

function Chip({ file }: { file: Attached }): JSX.Element {
  const { key, name, progress, uploaded, problem } = file;
  return (
    <li class="file" data-refused={problem === null ? undefined : ""}>
      <FileFace part={uploaded?.part ?? null} />
      <span class="file-words">
        <span class="file-name" dir="auto" title={name}>{name}</span>
        {problem === null
          ? <span class="file-note">{noteOf(file)}</span>
          : <span class="file-note" role="alert">{problem}</span>}
        {uploaded === null && problem === null && <progress max={1} value={progress} aria-label={t("Upload of {name}", { name })} />}
      </span>
      <button
        type="button" class="action" aria-label={t("Remove {name}", { name })} title={t("Remove")}
        onClick={() => {
          removeFile(key);
          focusComposer();
        }}
      >
        <Icon name="close" />
      </button>
    </li>
  );
}

const carriesFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") === true;

// A table that is copied comes as text and as a picture of itself: the text is meant.
function onPaste(event: ClipboardEvent): void {
  const { clipboardData: data, target } = event;
  const elsewhere = target instanceof HTMLElement && target.id !== "message" && target.matches("input, textarea");
  if (data === null || elsewhere || data.files.length === 0 || data.getData("text/plain") !== "") return;
  event.preventDefault();
  addFiles(data.files);
  focusComposer();
}

/** The whole page takes what is dropped on it. Whether something is being dragged over it. */
function useDropping(): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    let depth = 0; // each element that is entered is told before the one that is left
    const move = (by: number) => (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth + by);
      setOver(depth > 0);
    };
    const enter = move(1);
    const leave = move(-1);
    const hover = (event: DragEvent): void => { if (carriesFiles(event)) event.preventDefault(); };
    const drop = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      addFiles(event.dataTransfer?.files ?? []);
      focusComposer();
    };
    const listeners = [["dragenter", enter], ["dragleave", leave], ["dragover", hover], ["drop", drop]] as const;
    for (const [name, listener] of listeners) document.addEventListener(name, listener);
    document.addEventListener("paste", onPaste);
    return () => {
      for (const [name, listener] of listeners) document.removeEventListener(name, listener);
      document.removeEventListener("paste", onPaste);
    };
  }, []);
  return over;
}

/** For who does not see the chips. */
function summaryOf(files: readonly Attached[]): string {
  const ready = files.filter(({ uploaded }) => uploaded !== null).length;
  return files.length === 0 ? "" : t("{ready} of {count} file added|{ready} of {count} files added", { ready, count: files.length });
}

/** Over the text that is being written: the files that go with it, and why they can't. */
export function Attaching(): JSX.Element {
  const over = useDropping();
  return (
    <>
      <Heard />
      {over && <div class="drop-here"><p>{t("Drop files to add them to your message")}</p></div>}
      {attached.value.length > 0 && (
        <ul class="files" aria-label={t("Files of this message")}>{attached.value.map((file) => <Chip key={file.key} file={file} />)}</ul>
      )}
      <p class="unseen" role="status">{summaryOf(attached.value)}</p>
      {hindrance.value !== null && <p class="files-note" role="status">{hindrance.value}</p>}
    </>
  );
}
