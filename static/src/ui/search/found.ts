// What a search has found so far, as the words are typed.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Id, Session } from "../../core/protocol.ts";
import { said, t } from "../../core/t.ts";
import { RequestFailed } from "../../transport/rest.ts";
import { type Asked, type Found, search, type Segment } from "../../transport/search.ts";
import { titleOf } from "../SessionRow.tsx";

const TYPING = 140;

export interface Hit {
  key: string;
  session: Session;
  /** Null: the title was found. */
  message: Id | null;
  /** Who said it, or the name of the file. */
  who: readonly Segment[];
  at: string;
  title: readonly Segment[];
  snippet: readonly Segment[];
}

/** Of the messages in a chat of several people it is not said whose they are. */
const writerIn = ({ guest, joint }: Session): string => (guest === true || joint === true ? t("Question") : t("You"));

const plain = (text: string): readonly Segment[] => [{ text, hit: false }];

export function hitsOf(found: Found | null): readonly Hit[] {
  if (found === null) return [];
  return [
    ...found.sessions.map(({ session, title }) => (
      { key: session.id, session, message: null, who: [], at: session.updated_at, title, snippet: [] }
    )),
    ...found.files.map(({ id, created_at, session, message, name, snippet }) => (
      { key: id, session, message, who: name, at: created_at, title: plain(titleOf(session)), snippet }
    )),
    ...found.messages.map(({ id, role, created_at, session, snippet }) => ({
      key: id, session, message: id, who: plain(role === "user" ? writerIn(session) : t("Answer")), at: created_at, title: plain(titleOf(session)), snippet,
    })),
  ];
}

interface Finding {
  found: Found | null;
  waiting: boolean;
  /** What went wrong, in words. */
  failed: string | null;
  /** Reads the next page; null when there is none. */
  more: (() => void) | null;
}

const NOTHING: Finding = { found: null, waiting: false, failed: null, more: null };

/** Asks a moment after the last key. An answer to an older question is not shown. */
export function useFound(asked: Asked): Finding {
  const [finding, setFinding] = useState<Finding>(NOTHING);
  const newest = useRef(0);

  async function look(number: number, before: Found | null): Promise<void> {
    try {
      const page = await search(asked, before?.next ?? null);
      if (number !== newest.current) return;
      const found = before === null ? page : { ...page, sessions: before.sessions, files: before.files, messages: [...before.messages, ...page.messages] };
      setFinding({ found, waiting: false, failed: null, more: page.next === null ? null : () => void look(number, found) });
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      if (number === newest.current) setFinding({ ...NOTHING, failed: said(error.problem) });
    }
  }

  useEffect(() => {
    const number = ++newest.current;
    if (asked.q.trim() === "") {
      setFinding(NOTHING);
      return undefined;
    }
    setFinding((before) => ({ ...before, waiting: true }));
    const timer = setTimeout(() => void look(number, null), TYPING);
    return () => clearTimeout(timer);
  }, [asked.q, asked.agent, asked.model, asked.since, asked.archived]);
  return finding;
}
