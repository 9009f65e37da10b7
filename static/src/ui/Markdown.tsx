import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { MarkdownView } from "../render/view.ts";

interface Props {
  text: string;
  /** More will come. */
  growing: boolean;
}

/** Preact makes the frame; what is in it is the view's, block by block. */
export function Markdown({ text, growing }: Props): JSX.Element {
  const root = useRef<HTMLDivElement>(null);
  const view = useRef<MarkdownView | null>(null);
  useLayoutEffect(() => {
    if (root.current === null) return;
    view.current ??= new MarkdownView(root.current);
    view.current.show(text, growing);
  }, [text, growing]);
  return <div class={growing ? "prose growing" : "prose"} ref={root} />;
}
