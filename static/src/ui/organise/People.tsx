import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sessions } from "../../app/store.ts";
import { leaveChat } from "../../app/together.ts";
import type { Id, Session } from "../../core/protocol.ts";
import { said, t } from "../../core/t.ts";
import { person } from "../../transport/own.ts";
import { RequestFailed } from "../../transport/rest.ts";
import { addPerson, getPeople, type People as Known, type Person, takeOut, type Writer } from "../../transport/together.ts";
import { Icon } from "../Icon.tsx";
import { type Option, PickerList } from "../PickerList.tsx";
import { task } from "../screen.ts";

function Row({ writer, out }: { writer: Writer; out: (() => void) | null }): JSX.Element {
  const marks = [...(writer.owner ? [t("Owner")] : []), ...(writer.id === person ? [t("You")] : [])];
  const label = t("Take {name} out", { name: writer.name });
  return (
    <li class="shelf-row person-row">
      <p><span dir="auto">{writer.name}</span>{writer.email !== writer.name && <small>{writer.email}</small>}</p>
      {marks.length > 0 && <small>{marks.join(" · ")}</small>}
      {out !== null && <button type="button" class="action" aria-label={label} title={label} onClick={out}><Icon name="close" /></button>}
    </li>
  );
}

const optionOf = (colleague: Person): Option => (
  { id: colleague.id, name: colleague.name, group: "", about: colleague.email === colleague.name ? "" : colleague.email, face: <Icon name="people" />, notes: [] }
);

function Adding({ colleagues, add }: { colleagues: readonly Person[]; add(id: Id): void }): JSX.Element {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  function close(refocus: boolean): void {
    setOpen(false);
    if (refocus) button.current?.focus();
  }
  if (colleagues.length === 0) return <p class="dialog-note">{t("There is nobody else in the team to add.")}</p>;
  return (
    <div class="person-add">
      <button
        type="button" class="button" ref={button} aria-haspopup="dialog" aria-expanded={open}
        onPointerDown={(event) => { if (open) event.stopPropagation(); }} onClick={() => setOpen(!open)}
      >
        <Icon name="add" />{t("Add a colleague")}
      </button>
      {open && (
        <PickerList
          kind="colleague" label={t("Name or e-mail of a colleague")} options={colleagues.map(optionOf)} selected={null}
          choose={(id) => { if (id !== null) add(id); }} close={close}
        />
      )}
    </div>
  );
}

/** Closes the dialog about a chat that is gone meanwhile: who is taken out has nothing to do in it. */
function useGoing({ id }: Session): void {
  const isThere = sessions.value.some((session) => session.id === id);
  useEffect(() => { if (!isThere) task.value = null; }, [isThere]);
}

/** Who writes in a chat; its owner adds people and takes them out, a guest may leave. */
export function People({ session }: { session: Session }): JSX.Element {
  const [known, setKnown] = useState<Known | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useGoing(session);
  async function attempt(request: () => Promise<Known>): Promise<void> {
    try {
      setKnown(await request());
      setProblem(null);
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      setProblem(said(error.problem));
    }
  }
  useEffect(() => void attempt(() => getPeople(session.id)), [session.id]);
  async function out({ id }: Writer): Promise<Known> {
    await takeOut(session.id, id);
    return getPeople(session.id);
  }
  const isGuest = session.guest === true;
  return (
    <div class="dialog-form" aria-busy={known === null && problem === null}>
      <p class="dialog-note">
        {t("Who is in here reads all of this chat, with its files and every version of it, and writes in it.")}
        {` ${t("An answer follows the personal instructions of whoever asks for it, which the others don't see. Nobody's memory is used.")}`}
      </p>
      <ul class="shares">
        {known?.people.map((one) => <Row key={one.id} writer={one} out={isGuest || one.owner ? null : () => void attempt(() => out(one))} />)}
      </ul>
      {problem !== null && <p class="field-problem" role="alert">{problem}</p>}
      {known !== null && !isGuest && <Adding colleagues={known.colleagues} add={(id) => void attempt(() => addPerson(session.id, id))} />}
      {isGuest && (
        <div class="dialog-actions"><button type="button" class="button" onClick={() => { task.value = { leaving: session }; }}>{t("Leave this chat…")}</button></div>
      )}
    </div>
  );
}

/** Asks once more: the way back is not the guest's own. */
export function Leaving({ session, close }: { session: Session; close(): void }): JSX.Element {
  const [problem, setProblem] = useState<string | null>(null);
  useGoing(session);
  return (
    <div class="dialog-form">
      <p>{t("You won't see it any more; what you wrote stays in it. Only its owner can add you again.")}</p>
      {problem !== null && <p class="field-problem" role="alert">{problem}</p>}
      <div class="dialog-actions">
        <button type="button" class="button quiet" data-first onClick={close}>{t("Cancel")}</button>
        <button type="button" class="button danger" onClick={() => void leaveChat(session.id).then(setProblem)}>{t("Leave")}</button>
      </div>
    </div>
  );
}
