import { spawn } from 'node:child_process';

// A line names the process to watch, `released` ends the guard. When the pipe closes without that
// word, this process died.
const SCRIPT = `
trap '' INT TERM HUP
pid=
while read -r word; do
  [ "$word" = released ] && exit
  pid=$word
done
[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null
[ -z "$1" ] || rm -rf -- "$1"
`;

/** Cleans up after this process if it cannot do so itself, for example after SIGKILL. */
export interface OrphanGuard {
  /** The child process to kill; 0 if there is currently none. */
  watch(pid: number): void;
  /** Ends the guard without killing or removing anything. */
  release(): void;
}

/** A guard for one child process at a time and an optional folder. */
export function guardOrphan(directory = ''): OrphanGuard {
  const guard = spawn('/bin/sh', ['-c', SCRIPT, 'orphan-guard', directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  guard.stdin.on('error', () => undefined);
  (guard.stdin as unknown as { unref(): void }).unref();
  return {
    watch: (pid) => void guard.stdin.write(pid === 0 ? '\n' : `${pid}\n`),
    release: () => void guard.stdin.end('released\n'),
  };
}
