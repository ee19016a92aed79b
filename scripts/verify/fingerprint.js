import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Remembers the state of the sources in which a step last succeeded, so that it need not run again
 * on the same. Of all sources at once: what a linter with types says of a file can change with
 * another file.
 */
export class Fingerprint {
  constructor(path, files) {
    this.path = path;
    this.files = files;
  }

  get isUnchanged() {
    const now = this.#now();
    if (now === undefined) return false;
    try {
      return readFileSync(this.path, 'utf8') === now;
    } catch {
      return false;
    }
  }

  keep() {
    const now = this.#now();
    if (now !== undefined) writeFileSync(this.path, now);
  }

  /** Undefined outside a git checkout: then nobody can tell what belongs to the project. */
  #now() {
    try {
      const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
      const names = execFileSync('git', listing, { encoding: 'utf8' }).split('\0');
      const hash = createHash('sha256').update(process.version);
      for (const name of names.filter((each) => this.files.test(each)).sort()) {
        hash.update(name).update('\0').update(contentOf(name));
      }
      return hash.digest('hex');
    } catch {
      return undefined;
    }
  }
}

/** A file that git knows may be deleted in the working tree. */
function contentOf(name) {
  try {
    return readFileSync(name);
  } catch {
    return '';
  }
}
