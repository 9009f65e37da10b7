// Runs the connection machine: gives it a socket, a clock and the browser's events.

import { type ConnectionEvent, type Effect, START, step } from "../core/connection.ts";
import { newId, type ClientFrame, type ServerFrame } from "../core/protocol.ts";
import { createSocket, type Socket } from "../transport/socket.ts";
import { connection } from "./store.ts";

// In milliseconds. Proxies cut sockets that are silent for a minute.
const CHECK_EVERY = 5_000;
const QUIET_AFTER = 25_000;
const OVERDUE_AFTER = 8_000;
const OPEN_WITHIN = 15_000;

/** Takes a frame and its length in characters. */
export type Receiver = (frame: ServerFrame, length: number) => void;

export class Link {
  readonly #socket: Socket;
  #heardAt = 0;
  #askedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(address: string, received: Receiver) {
    this.#socket = createSocket(address, {
      frame: (frame, length) => {
        this.#heardAt = Date.now();
        this.#dispatch(frame.type === "welcome" ? { type: "opened" } : { type: "heard" });
        received(frame, length);
      },
      closed: (code) => this.#dispatch({ type: "closed", code }),
    });
  }

  start(): void {
    connection.value = START;
    window.addEventListener("online", () => this.#dispatch({ type: "online" }));
    window.addEventListener("offline", () => this.#dispatch({ type: "offline" }));
    window.addEventListener("pageshow", ({ persisted }) => { if (persisted) this.#dispatch({ type: "woken" }); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#dispatch({ type: "woken" }); });
    setInterval(() => this.#check(), CHECK_EVERY);
    this.#dispatch({ type: "start" });
  }

  send(frame: ClientFrame): void {
    this.#socket.send(frame);
  }

  #dispatch(event: ConnectionEvent): void {
    const { connection: next, effects } = step(connection.peek(), event, Math.random());
    connection.value = next;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case "open":
        clearTimeout(this.#timer);
        this.#askedAt = Date.now();
        this.#socket.open();
        break;
      case "close":
        this.#socket.close();
        break;
      case "ping":
        this.#askedAt = Date.now();
        this.#socket.send({ type: "ping", id: newId("c") });
        break;
      case "wait":
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#dispatch({ type: "due" }), effect.delay);
    }
  }

  #check(): void {
    const now = Date.now();
    const state = connection.peek();
    if (state.phase === "connecting" && now - this.#askedAt > OPEN_WITHIN) {
      this.#socket.close();
      this.#dispatch({ type: "closed", code: 1006 });
    } else if (state.phase === "live" && state.pinging) {
      if (now - this.#askedAt > OVERDUE_AFTER) this.#dispatch({ type: "overdue" });
    } else if (now - this.#heardAt > QUIET_AFTER) this.#dispatch({ type: "quiet" });
  }
}
