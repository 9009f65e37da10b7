// A message in its place as a field.

import type { JSX } from "preact";
import { edit, revise } from "../app/branching.ts";
import { filesOf, plainText } from "../core/message.ts";
import type { Message } from "../core/protocol.ts";
import { wordsOf } from "../core/question.ts";
import { t } from "../core/t.ts";
import { EditField } from "./EditField.tsx";
import { editing } from "./screen.ts";

const close = (): void => { editing.value = null; };

/** Saved, it is another answer beside the first; refused, it stays. */
export function AnswerEditing({ message }: { message: Message }): JSX.Element {
  return (
    <EditField
      text={wordsOf(message.parts)} label={t("Edit the answer")} verb={t("Save")} about={t("The answer that was there stays as another version.")}
      save={(text) => void revise(message.id, text).then((done) => { if (done) close(); })} close={close}
    />
  );
}

/** Sent, it is another message beside the first. */
export function MessageEditing({ message }: { message: Message }): JSX.Element {
  return (
    <EditField
      text={plainText(message.parts)} label={t("Edit the message")} verb={t("Send")} about={t("What was there stays as another version.")}
      optional={filesOf(message.parts).length > 0}
      save={(text) => {
        close();
        edit(message, text);
      }}
      close={close}
    />
  );
}
