// Components that are rarely needed come when they are: the first load stays small.

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

/** A module that may not be there yet. */
export interface Arriving<M> {
  loaded: M | null;
  load(): Promise<M>;
}

export function arriving<M>(load: () => Promise<M>): Arriving<M> {
  const code: Arriving<M> = {
    loaded: null,
    async load() {
      code.loaded = await load();
      return code.loaded;
    },
  };
  return code;
}

/**
 * A component that shows nothing until its code is there; then it is drawn at once: a dialog that came a moment after the key
 * that opens it would leave what is typed next to the field behind it. Offline it tries again when it is shown again.
 */
export function lazily<M, P extends object>(code: Arriving<M>, part: (loaded: M) => ComponentType<P>): (props: P) => JSX.Element | null {
  return function Lazy(props: P): JSX.Element | null {
    const [, redraw] = useState(code.loaded !== null);
    useEffect(() => {
      // It may have come between the drawing of this one, without it, and this effect: for another one that waited.
      if (code.loaded !== null) redraw(true);
      else code.load().then(() => redraw(true), () => undefined);
    }, []);
    if (code.loaded === null) return null;
    const Part = part(code.loaded);
    return <Part {...props} />;
  };
}
