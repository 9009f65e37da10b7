// Components that are rarely needed come when they are: the first load stays small.

import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

/** A component that shows nothing until its code is there. Offline it tries again when it is shown again. */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => JSX.Element | null {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P): JSX.Element | null {
    const [, redraw] = useState(loaded !== null);
    useEffect(() => {
      // It may have come between the drawing of this one, without it, and this effect: for another one that waited.
      if (loaded !== null) {
        redraw(true);
        return;
      }
      load().then((component) => {
        loaded = component;
        redraw(true);
      }, () => undefined);
    }, []);
    const Loaded = loaded;
    return Loaded === null ? null : <Loaded {...props} />;
  };
}
