// A field that is as high as its text. Where the style says it by itself, no script has to measure: that lays the page out at each key.

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

const byStyle = CSS.supports("field-sizing", "content");

export function useGrowing(text: string): RefObject<HTMLTextAreaElement | null> {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (byStyle || field.current === null) return;
    field.current.style.height = "auto";
    field.current.style.height = `${field.current.scrollHeight}px`;
  }, [text]);
  return field;
}
