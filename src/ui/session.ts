import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { createHash } from './browser/crypto.js';

/** What the server says of itself. */
export interface Settings {
  /** Whether it keeps a small picture of each face. */
  thumbnails: boolean;
  /** Whether it shows the report of an evaluation. */
  report: boolean;
}

/** What the page asks with, and where it finds what is for it alone. */
export interface Session extends Settings {
  client: RekognitionClient;
  /** The address of a file that only those find who know the token. */
  fileUrl(path: string): string;
}

/** Where the token outlives a reload, and no longer than the tab. */
const KEPT_AS = 'rekollect-token';

/**
 * Begins a session with the token of the address, which the server printed. It signs every request and is never sent;
 * it leaves the address at once, so that it stands in no history.
 *
 * @returns undefined without one
 */
export async function openSession(): Promise<Session | undefined> {
  const given = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
  if (given) {
    sessionStorage.setItem(KEPT_AS, given);
    history.replaceState(null, '', location.pathname);
  }
  const token = sessionStorage.getItem(KEPT_AS);
  if (!token) return undefined;
  const settings = (await (await fetch('settings.json')).json()) as Settings;
  const key = createHash('sha256').update(`files:${token}`).digest('hex');
  return {
    ...settings,
    client: new RekognitionClient({
      endpoint: location.origin,
      region: 'local',
      credentials: { accessKeyId: 'page', secretAccessKey: token },
    }),
    fileUrl: (path) => `files/${key}/${path}`,
  };
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('There is no session around this part of the page.');
  return session;
}
