// Where the thread is scrolled to. The reader decides; the page moves only what the reader has not moved.
//
//     bottom    follows the end: the reader went there
//     anchored  the sent message stays at the top while the answer grows below it
//     free      the reader is reading somewhere
//
// The browser scrolls too, when heights above change, and such a scroll event must not count as the reader's. It is told
// apart by the height, which then has changed with it. The reader's hand is known by its own events, at once.

import { type Signal, signal } from "@preact/signals";

const NEAR = 60;
const FAR = 200;
const DRIFT = 3;
const TOP_MARGIN = 16;
/** Milliseconds for which a smooth scroll may go on that a key began. */
const GLIDE = 500;

const UPWARDS: ReadonlySet<string> = new Set(["ArrowUp", "PageUp", "Home"]);
const DOWNWARDS: ReadonlySet<string> = new Set(["ArrowDown", "PageDown", "End", " "]);

interface Seen {
  turn: Element;
  /** Pixels from the top of the window. */
  top: number;
}

export class Scroller {
  /** Whether the way back to the end is worth a button. */
  readonly isAway: Signal<boolean> = signal(false);
  #frame: HTMLElement | null = null;
  #mode: "bottom" | "anchored" | "free" = "bottom";
  /** The reader goes down, by wheel, finger or key: arriving at the end means to stay there. */
  #descends = false;
  /** The reader holds the scroll bar. */
  #drags = false;
  #last = 0;
  #height = 0;
  #keyedAt = -GLIDE;
  /** Until then, what a key began before the jump to the end must not undo it. */
  #resists = 0;
  #finger = 0;
  /** Sent before the frame was there. */
  #pending: HTMLElement | null = null;

  attach(frame: HTMLElement, content: HTMLElement): () => void {
    this.#frame = frame;
    const sizes = new ResizeObserver(() => this.#resized());
    sizes.observe(content);
    sizes.observe(frame);
    const ending = new AbortController();
    this.#listen(frame, { passive: true, signal: ending.signal });
    if (this.#pending === null) this.toEnd();
    else this.anchor(this.#pending);
    this.#pending = null;
    return () => {
      sizes.disconnect();
      ending.abort();
      this.#frame = null;
    };
  }

  #listen(frame: HTMLElement, options: AddEventListenerOptions): void {
    frame.addEventListener("scroll", () => this.#scrolled(), options);
    frame.addEventListener("wheel", ({ deltaY }) => this.#moves(deltaY), options);
    frame.addEventListener("touchstart", ({ touches }) => { this.#finger = touches[0]?.clientY ?? 0; }, options);
    frame.addEventListener("touchmove", ({ touches }) => {
      const now = touches[0]?.clientY ?? this.#finger;
      this.#moves(this.#finger - now);
      this.#finger = now;
    }, options);
    frame.addEventListener("keydown", ({ key }) => {
      const down = UPWARDS.has(key) ? -1 : DOWNWARDS.has(key) ? 1 : 0;
      if (down !== 0) this.#keyedAt = performance.now();
      this.#moves(down);
      // What is drawn at the top for the first time is of another height than was reckoned, and would push the reader down again.
      if (key === "Home") frame.style.overflowAnchor = "none";
    }, options);
    frame.addEventListener("pointerdown", ({ target }) => { this.#drags = target === frame; }, options);
    // What is done to a message in the middle must not carry the reader to the end.
    frame.addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest("[data-stay]") !== null) this.#mode = "free";
    }, options);
    window.addEventListener("pointerup", () => { this.#drags = false; }, options);
  }

  #moves(down: number): void {
    if (down !== 0) this.#frame?.style.removeProperty("overflow-anchor");
    if (down < 0) this.#mode = "free";
    if (down !== 0) this.#descends = down > 0;
  }

  /** To the end, and along with it from now on. */
  toEnd(): void {
    this.#mode = "bottom";
    this.#descends = false;
    this.#resists = this.#keyedAt + GLIDE;
    this.#jump(this.#frame?.scrollHeight ?? 0);
  }

  /** Pixels from the beginning of what is scrolled. */
  topOf(element: HTMLElement): number {
    const frame = this.#frame;
    return frame === null ? 0 : frame.scrollTop + element.getBoundingClientRect().top - frame.getBoundingClientRect().top;
  }

  /** Brings a sent message to the top; its answer gets the room below. */
  anchor(turn: HTMLElement): void {
    const frame = this.#frame;
    if (frame === null) {
      this.#pending = turn;
      return;
    }
    this.#mode = "anchored";
    this.#descends = false;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    frame.scrollTo({ top: this.topOf(turn) - TOP_MARGIN, behavior: calm ? "instant" : "smooth" });
  }

  /** Brings a message of any age onto the screen; the reader stays there. */
  show(message: HTMLElement): void {
    this.#mode = "free";
    message.scrollIntoView({ block: "start", behavior: "instant" });
    if (this.#frame !== null) this.#jump(this.#frame.scrollTop - TOP_MARGIN);
  }

  /** What the reader sees at the top, and where. Not the first turn: where its beginning is on an older page, it is drawn anew with that. */
  read(): Seen | null {
    const frame = this.#frame;
    if (frame === null) return null;
    const { top } = frame.getBoundingClientRect();
    const first = frame.querySelector(".turn");
    // By runs first: what is in one that is not drawn has no true place.
    const runs = [...frame.querySelectorAll(".run")];
    const at = runs.findIndex((run) => run.getBoundingClientRect().bottom > top);
    const turns = runs.slice(Math.max(at, 0), at + 2).flatMap((run) => [...run.children]);
    const turn = turns.find((one) => one !== first && one.getBoundingClientRect().bottom > top);
    return turn === undefined ? null : { turn, top: turn.getBoundingClientRect().top };
  }

  /** Messages came above: what the reader saw stays where it is. */
  hold({ turn, top }: Seen): void {
    const frame = this.#frame;
    if (frame === null || !turn.isConnected) return;
    // The browser's own anchoring would come on top of this, and does nothing at the very top, where it is needed.
    frame.style.overflowAnchor = "none";
    this.#jump(frame.scrollTop + turn.getBoundingClientRect().top - top);
    // And it is needed again at once: the new messages get their true heights as they come near.
    frame.style.overflowAnchor = "";
  }

  #jump(top: number): void {
    const frame = this.#frame;
    if (frame === null) return;
    frame.scrollTop = top;
    this.#last = frame.scrollTop;
    this.#height = frame.scrollHeight;
    this.#measure();
  }

  #distance(): number {
    const frame = this.#frame;
    return frame === null ? 0 : frame.scrollHeight - frame.clientHeight - frame.scrollTop;
  }

  #scrolled(): void {
    const frame = this.#frame;
    if (frame === null) return;
    const moved = frame.scrollTop - this.#last;
    const alone = frame.scrollHeight === this.#height;
    if (moved < -DRIFT && this.#mode === "bottom" && !this.#drags && performance.now() < this.#resists) {
      this.#jump(frame.scrollHeight);
      return;
    }
    this.#last = frame.scrollTop;
    this.#height = frame.scrollHeight;
    this.#measure();
    // Not by hand and not by the browser: a search in the page, or a program that reads it.
    if (moved < -DRIFT && (this.#drags || alone)) this.#mode = "free";
    else if ((this.#drags || this.#descends) && moved > 0 && this.#distance() < NEAR) this.#mode = "bottom";
  }

  #resized(): void {
    if (this.#mode === "bottom" && this.#distance() > 0) this.#jump(this.#frame?.scrollHeight ?? 0);
    else this.#measure();
  }

  #measure(): void {
    const distance = this.#distance();
    if (distance > FAR) this.isAway.value = true;
    else if (distance < NEAR) this.isAway.value = false;
  }
}
