import { useState, type ReactElement, type SyntheticEvent } from 'react';
import { useHub, useTopic } from '@nuts/client/react';

interface Note {
  readonly text: string;
}

/** Notes of all users of the page: published over HTTP, and shown once the stream has stored them. */
export function Notes(): ReactElement {
  const hub = useHub();
  const { messages } = useTopic<Note>('notes', { start: 'last:20', limit: 20 });
  const [text, setText] = useState('');
  const [failure, setFailure] = useState('');
  const publish = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    try {
      // With a key, the client can safely repeat the request.
      await hub.publish('notes', { text }, { idempotencyKey: crypto.randomUUID() });
      setText('');
      setFailure('');
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <section aria-labelledby="notes">
      <h2 id="notes">Notes</h2>
      <form className="row" onSubmit={(event) => void publish(event)}>
        <input
          aria-label="Note"
          value={text}
          onChange={(event) => setText(event.target.value)}
          required
        />
        <button>Publish</button>
        <output>{failure}</output>
      </form>
      <ol>
        {messages.toReversed().map(({ id, time, payload }) => (
          <li key={id ?? time}>
            <time dateTime={time}>{time.slice(11, 19)}</time> {payload.text}
          </li>
        ))}
      </ol>
    </section>
  );
}
