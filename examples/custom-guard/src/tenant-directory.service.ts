import { Inject, Injectable } from '@nestjs/common';

/** A session in the company's directory service. */
export interface Member {
  readonly user: string;
  readonly tenant: string;
  readonly suspended: boolean;
}

/** Base URL of the directory service, such as `http://tenants.internal`. */
export const DIRECTORY_URL = Symbol('DirectoryUrl');

const TIMEOUT_MS = 2_000;
/** Both become part of a topic filter or a log line: a tenant called `>` would match all tenants. */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Sends `GET /sessions/{id}` to the company's directory service. */
@Injectable()
export class TenantDirectory {
  constructor(@Inject(DIRECTORY_URL) private readonly url: string) {}

  /**
   * Whose session this is; undefined when the directory knows none.
   *
   * @throws Error when the directory is away, slow, or answers something that cannot be used
   */
  async memberOf(session: string): Promise<Member | undefined> {
    const address = new URL(`/sessions/${encodeURIComponent(session)}`, this.url);
    const response = await fetch(address, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw new Error(`the directory answered ${response.status}`);
    return parseMember(await response.json());
  }
}

function parseMember(body: unknown): Member {
  const { user, tenant, suspended } = (body ?? {}) as Partial<Record<keyof Member, unknown>>;
  if (!isName(user) || !isName(tenant) || typeof suspended !== 'boolean') {
    throw new Error('the directory answered with no member');
  }
  return { user, tenant, suspended };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}
