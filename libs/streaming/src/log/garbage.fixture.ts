import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Releases everything that is not referenced, so that a `WeakRef` shows what is. */
export const collectGarbage = runInNewContext('gc') as () => void;
