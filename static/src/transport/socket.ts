// One websocket at a time. It reports what happens and decides nothing.

import { type ClientFrame, parseServerFrame, type ServerFrame } from "../core/protocol.ts";

export interface SocketEvents {
  /** `length` is in characters. */
  frame(frame: ServerFrame, length: number): void;
  closed(code: number): void;
}

export interface Socket {
  open(): void;
  /** Lets go of the socket; no event of it comes after this. */
  close(): void;
  send(frame: ClientFrame): void;
}

export function createSocket(address: string, events: SocketEvents): Socket {
  let current: WebSocket | null = null;

  function close(): void {
    const socket = current;
    current = null;
    socket?.close();
  }

  function open(): void {
    close();
    const socket = new WebSocket(address);
    current = socket;
    // An event of a socket that was let go of says nothing about the one that replaced it.
    socket.addEventListener("message", ({ data }) => {
      if (current !== socket || typeof data !== "string") return;
      const frame = parseServerFrame(data);
      if (frame !== null) events.frame(frame, data.length);
    });
    socket.addEventListener("close", ({ code }) => {
      if (current !== socket) return;
      current = null;
      events.closed(code);
    });
  }

  return {
    open,
    close,
    send(frame) {
      if (current?.readyState === WebSocket.OPEN) current.send(JSON.stringify(frame));
    },
  };
}
