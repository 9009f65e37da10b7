import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { isImage, sizeOf } from "../../core/attached.ts";
import { filesOf } from "../../core/message.ts";
import type { Part } from "../../core/protocol.ts";
import { t } from "../../core/t.ts";
import { FileFace } from "./FileFace.tsx";
import { Pictures } from "./Pictures.tsx";

/** The files of a message: pictures that open large, and others to save. */
export function SentFiles({ parts }: { parts: readonly Part[] }): JSX.Element {
  const [open, setOpen] = useState<number | null>(null);
  const files = filesOf(parts);
  const pictures = files.filter(isImage);
  return (
    <ul class="sent-files" aria-label={t("Files")}>
      {files.map((file) => (
        <li key={file.attachment}>
          {isImage(file) ? (
            <button type="button" class="picture" aria-label={t("Show {name}", { name: file.filename })} title={file.filename} onClick={() => setOpen(pictures.indexOf(file))}>
              <img src={`${file.url}/thumbnail`} alt="" loading="lazy" />
            </button>
          ) : (
            <a class="file" href={file.url} download={file.filename} title={t("Save {name}", { name: file.filename })}>
              <FileFace part={file} />
              <span class="file-words">
                <span class="file-name" dir="auto">{file.filename}</span>
                <span class="file-note">{sizeOf(file.size)}</span>
              </span>
            </a>
          )}
        </li>
      ))}
      {open !== null && <Pictures pictures={pictures} index={open} show={setOpen} />}
    </ul>
  );
}
