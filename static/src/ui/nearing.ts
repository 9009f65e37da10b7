// Reading on, as the reader comes near the edge of what is there.

import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

const AGAIN = 3_000;

/** Runs `read` when the element with the ref comes near what is seen of `root`. `cursor`: another one whenever more is there. */
export function useNearing<T extends HTMLElement>(cursor: unknown, root: string, rootMargin: string, read: () => Promise<void>): RefObject<T | null> {
  const mark = useRef<T>(null);
  useEffect(() => {
    const element = mark.current;
    if (element === null) return undefined;
    let again = 0;
    const nearby = new IntersectionObserver(async ([entry]) => {
      if (entry?.isIntersecting !== true) return;
      await read();
      // Where nothing came, it is still near: an observer tells that no second time, but of a new one.
      again = setTimeout(() => {
        nearby.unobserve(element);
        nearby.observe(element);
      }, AGAIN);
    }, { root: element.closest(root), rootMargin });
    nearby.observe(element);
    return () => {
      clearTimeout(again);
      nearby.disconnect();
    };
  }, [cursor]);
  return mark;
}
