import { existsSync } from 'node:fs';
import type { FaceCollection, S3ClientLike } from '../index.js';
import { checkInstalled, enginePackages, type Requirement } from '../packages.js';
import { UsageError } from './usage-error.js';

/** Where a command works: what `onEngine` declares. */
export interface PlaceOptions {
  local: string;
  aws?: true | undefined;
  region?: string | undefined;
  profile?: string | undefined;
  endpoint?: string | undefined;
}

/** What a command asks of the place where it works. */
interface Needs {
  /** Whether it looks at photos. */
  photos?: boolean;
  /** Whether it is about collections: `made` if need be, or `there` already. */
  collections?: 'made' | 'there' | undefined;
}

/** Runs a command with a client, which is closed when it is done. */
export async function withClient<Result>(
  place: PlaceOptions,
  needs: Needs,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = isRemote(place) ? await remoteClient(place) : await localClient(place.local, needs);
  try {
    return await work(client);
  } finally {
    await ('close' in client ? client.close() : client.destroy());
  }
}

/** Runs a command with a collection. */
export async function withCollection<Result>(
  place: PlaceOptions & { collection: string },
  needs: Needs,
  work: (collection: FaceCollection, client: Client) => Promise<Result>,
): Promise<Result> {
  return withClient(place, { collections: 'there', ...needs }, async (client) => {
    const { FaceCollection } = await import('../index.js');
    return work(new FaceCollection(place.collection, { client }), client);
  });
}

type Client = Awaited<ReturnType<typeof remoteClient | typeof localClient>>;

/** The local engine, for what no other client does. */
export async function withLocalEngine<Result>(
  place: PlaceOptions,
  needs: Needs,
  why: string,
  work: (engine: Awaited<ReturnType<typeof localClient>>) => Promise<Result>,
): Promise<Result> {
  if (isRemote(place)) throw new UsageError(why);
  return withClient(place, needs, (client) => work(client as Awaited<ReturnType<typeof localClient>>));
}

export function isRemote({ aws, endpoint, region, profile }: PlaceOptions): boolean {
  const isAsked = aws === true || endpoint !== undefined;
  if (!isAsked && (region !== undefined || profile !== undefined))
    throw new UsageError(`--${region === undefined ? 'profile' : 'region'} is for --aws. Give both.`);
  return isAsked;
}

/** A client for photos in S3, where the environment alone does not say which. */
export async function s3Client(place: PlaceOptions): Promise<S3ClientLike | undefined> {
  const { region, profile } = place;
  if (region === undefined && profile === undefined) return undefined;
  checkInstalled('S3', [['@aws-sdk/client-s3']]);
  const { S3Client } = await import('@aws-sdk/client-s3');
  return new S3Client({ ...(region && { region }), ...(profile && { profile }) });
}

async function remoteClient({ region, profile, endpoint }: PlaceOptions) {
  checkInstalled('Amazon Rekognition', [['@aws-sdk/client-rekognition']]);
  const { RekognitionClient } = await import('@aws-sdk/client-rekognition');
  return new RekognitionClient({
    ...(region && { region }),
    ...(profile && { profile }),
    ...(endpoint !== undefined && atEndpoint(endpoint, process.env, { region, profile })),
  });
}

/** A server of one's own may want no credentials, and knows no Region; the SDK wants both. */
function atEndpoint(
  endpoint: string,
  environment: NodeJS.ProcessEnv,
  { region, profile }: Pick<PlaceOptions, 'region' | 'profile'>,
) {
  if (!URL.canParse(endpoint)) throw new UsageError(`--endpoint must be a URL, not "${endpoint}".`);
  const {
    REKOLLECT_ACCESS_KEY_ID: accessKeyId = '',
    REKOLLECT_SECRET_ACCESS_KEY: secretAccessKey = '',
    AWS_REGION,
    AWS_ACCESS_KEY_ID,
    AWS_PROFILE,
  } = environment;
  const isKnown = profile ?? AWS_ACCESS_KEY_ID ?? AWS_PROFILE;
  const own = accessKeyId.trim() && secretAccessKey.trim() ? { accessKeyId, secretAccessKey } : undefined;
  const credentials = own ?? (isKnown ? undefined : { accessKeyId: 'any', secretAccessKey: 'any' });
  return {
    endpoint,
    ...(!region && !AWS_REGION && { region: 'us-east-1' }),
    ...(credentials && { credentials }),
  };
}

async function localClient(directory: string, { photos, collections }: Needs) {
  // All that is missing is said at the start, and not when the first photo comes.
  const requirements: Requirement[] = [
    ['@aws-sdk/client-rekognition'],
    ...(photos ? enginePackages(false) : []),
    ...(collections ? [['lmdb'] as const] : []),
  ];
  checkInstalled('The local engine', requirements);
  if (collections === 'there' && !existsSync(directory)) {
    throw new UsageError(
      `There is no directory ${directory} with faces. rekollect enroll people/ makes one; --local names another.`,
    );
  }
  const { LocalRekognition } = await import('../local/index.js');
  const client = new LocalRekognition(collections ? { directory } : {});
  try {
    await client.open();
  } catch (error) {
    await client.close();
    throw error;
  }
  return client;
}
