// Reading on, as the reader comes near the edge of what is there.

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

const AGAIN = 3_000;

/** Runs `read` when `element` comes near what is seen of `root`, and again while nothing comes of it. The result ends it. */
export function watchNear(element: Element, root: string, rootMargin: string, read: () => Promise<void>): () => void {
  let again: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  const nearby = new IntersectionObserver(async (entries) => {
    // A busy page is told several at once; it was far when it was pushed away, and is near where the reader is now.
    if (entries.at(-1)?.isIntersecting !== true) return;
    await read();
    if (ended) return; // another chat was opened meanwhile; an observer that is told to go on does, for ever
    // Where nothing came, it is still near: an observer tells that no second time, but of a new one.
    again = setTimeout(() => {
      nearby.unobserve(element);
      nearby.observe(element);
    }, AGAIN);
  }, { root: element.closest(root), rootMargin });
  nearby.observe(element);
  return () => {
    ended = true;
    clearTimeout(again);
    nearby.disconnect();
  };
}

/** Runs `read` when the element with the ref comes near what is seen of `root`. `cursor`: another one whenever more is there. */
export function useNearing<T extends HTMLElement>(cursor: unknown, root: string, rootMargin: string, read: () => Promise<void>): RefObject<T | null> {
  const mark = useRef<T>(null);
  useEffect(() => (mark.current === null ? undefined : watchNear(mark.current, root, rootMargin, read)), [cursor]);
  return mark;
}
