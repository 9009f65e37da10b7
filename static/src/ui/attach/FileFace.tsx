import type { JSX } from "preact";
import { isImage } from "../../core/attached.ts";
import type { FilePart } from "../../core/protocol.ts";

/** What a file looks like where it is small: the picture itself, or a sheet. */
export function FileFace({ part }: { part: FilePart | null }): JSX.Element {
  if (part !== null && isImage(part)) return <img class="file-face" src={`${part.url}/thumbnail`} alt="" />;
  return (
    <span class="file-face">
      <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M5.5 3.5h6l3.5 3.5v9.5h-9.5zM11.5 3.5v3.5h3.5M8 10.5h4.5M8 13.3h4.5" /></svg>
    </span>
  );
}
