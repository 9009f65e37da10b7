import type { JSX } from "preact";

/** The product's mark: a conversation of two. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path class="mark-back" d="M12 4h9a8 8 0 0 1 8 8v1a8 8 0 0 1-8 8h-.5v4.2a.8.8 0 0 1-1.4.5L15 21h-3a8 8 0 0 1-8-8v-1a8 8 0 0 1 8-8z" />
      <path class="mark-front" d="M11 10.5h10.5M11 14.5h6.5" />
    </svg>
  );
}
