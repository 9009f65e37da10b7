// Shows a growing Markdown text. Finished blocks are left alone; only those that differ are made again.

import { allBlocks, type Block, type Blocks, blocksOf, growBlocks, NO_BLOCKS } from "../core/blocks.ts";
import { fenceOf, htmlOf, htmlOfGrowing } from "../core/html.ts";
import { type CodeBlock, codeBlock, finishCode, growCode } from "./code.ts";
import { decorate } from "./decorate.ts";
import { sanitise } from "./sanitise.ts";

interface Shown {
  start: number;
  /** What the element was made from: HTML, or the text of a block of code. */
  source: string;
  element: HTMLElement;
  code: CodeBlock | null;
}

export class MarkdownView {
  readonly #root: HTMLElement;
  #blocks: Blocks = NO_BLOCKS;
  #shown: Shown[] = [];
  /** This many of the shown blocks are final. */
  #settled = 0;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** `growing`: more will come. At the end the whole text is read at once, which heals what the tail got wrong. */
  show(text: string, growing: boolean): void {
    this.#blocks = growing ? growBlocks(this.#blocks, text) : blocksOf(text);
    const blocks = allBlocks(this.#blocks);
    const frozen = growing ? this.#blocks.frozen.length : blocks.length;
    const from = growing ? Math.min(this.#settled, frozen) : 0;
    for (let index = from; index < blocks.length; index += 1) {
      const block = blocks[index];
      if (block !== undefined) this.#place(index, block, growing && index === blocks.length - 1);
    }
    for (const { element } of this.#shown.splice(blocks.length)) element.remove();
    this.#settled = frozen;
  }

  #place(index: number, block: Block, growing: boolean): void {
    const before = this.#shown[index];
    const fence = fenceOf(block);
    if (fence !== null) {
      this.#placeCode(index, block, fence, growing && !fence.closed);
      return;
    }
    const source = growing ? htmlOfGrowing(block, this.#blocks.links) : htmlOf(block);
    if (before?.source === source && before.code === null) {
      before.start = block.start;
      return;
    }
    const fragment = sanitise(source);
    decorate(fragment);
    const element = document.createElement("div");
    element.append(fragment);
    this.#put(index, { start: block.start, source, element, code: null });
  }

  #placeCode(index: number, block: Block, fence: { language: string; text: string }, open: boolean): void {
    const before = this.#shown[index];
    const source = open ? `open ${fence.text}` : `closed ${fence.text}`;
    if (before?.source === source && before.code?.language === fence.language) return;
    if (before?.code != null && before.start === block.start && before.code.language === fence.language) {
      growCode(before.code, fence.text);
      before.source = source;
      if (!open) finishCode(before.code);
      return;
    }
    const code = codeBlock(fence.language, fence.text);
    if (!open) finishCode(code);
    const element = document.createElement("div");
    element.append(code.element);
    this.#put(index, { start: block.start, source, element, code });
  }

  #put(index: number, shown: Shown): void {
    const before = this.#shown[index];
    shown.element.className = "block";
    shown.element.dir = "auto";
    if (before === undefined) this.#root.append(shown.element);
    else before.element.replaceWith(shown.element);
    this.#shown[index] = shown;
  }
}
