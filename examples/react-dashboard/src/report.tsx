import type { ReactElement } from 'react';
import { useAsk } from '@nuts/client/react';

/** Requests a report page by page, with a progress bar. */
export function Report({ services }: { services: string }): ReactElement {
  const { ask, cancel, isAsking, progress, replies, error } = useAsk<{ tons: number }>(
    services,
    'reports.monthly',
  );
  const tons = replies.reduce((sum, { payload }) => sum + payload.tons, 0);
  return (
    <section aria-labelledby="report">
      <h2 id="report">Monthly report</h2>
      <div className="row">
        <button onClick={() => void ask({ year: 2026 })} disabled={isAsking}>
          Make it
        </button>
        <button onClick={cancel} disabled={!isAsking}>
          Stop
        </button>
        <progress value={progress?.done ?? 0} max={progress?.total ?? 1} />
        <output>{error ? `Failed: ${error.message}` : tons > 0 && `${tons} t`}</output>
      </div>
    </section>
  );
}
