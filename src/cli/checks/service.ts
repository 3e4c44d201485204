import { withAdvice } from '../../advice.js';
import { isInstalled } from '../../packages.js';
import { counted } from '../output.js';
import { type PlaceOptions, withClient } from '../place.js';
import { attempt, type Check } from './check.js';

const CREDENTIALS =
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN for temporary ones), AWS_PROFILE, or --profile.';

/** Amazon Rekognition, or another server: credentials, Region, and a call that changes nothing. */
export async function checkService(place: PlaceOptions, signal: AbortSignal): Promise<Check[]> {
  if (!isInstalled('@aws-sdk/client-rekognition')) return [];
  return withClient(place, {}, async (client) => {
    if (!('config' in client)) return [];
    const { config } = client;
    // What they are is nobody's business.
    const credentials = await attempt(
      'credentials',
      async () => {
        const { expiration } = await config.credentials();
        const until = expiration ? `, until ${expiration.toISOString()}` : '';
        return { status: 'ok', message: `there are credentials${until}` };
      },
      CREDENTIALS,
    );
    const region = await attempt(
      'region',
      async () => ({ status: 'ok', message: `the Region is ${await config.region()}` }),
      'Set AWS_REGION, or give --region.',
    );
    if (credentials.status === 'fail' || region.status === 'fail') return [credentials, region];
    const call = await attempt('call', async () => {
      const { FaceCollection } = await import('../../index.js');
      let collections = 0;
      for await (const page of FaceCollection.list({ client, signal }).pages()) collections += page.length;
      const where = place.endpoint ?? 'Amazon Rekognition';
      return { status: 'ok', message: `${where} answers, and has ${counted(collections, 'collection')}` };
    });
    return [credentials, region, call];
  }).catch((error) => {
    signal.throwIfAborted();
    return [{ name: 'call', status: 'fail', message: (withAdvice(error) as Error).message }];
  });
}

/** What the environment has for AWS, without asking anybody. */
export function checkEnvironment({ AWS_ACCESS_KEY_ID, AWS_PROFILE, AWS_REGION }: NodeJS.ProcessEnv): Check {
  const credentials = AWS_ACCESS_KEY_ID
    ? 'credentials in AWS_ACCESS_KEY_ID'
    : AWS_PROFILE
      ? `the profile ${AWS_PROFILE}`
      : 'no credentials';
  const region = AWS_REGION ? `the Region ${AWS_REGION}` : 'no Region';
  return {
    name: 'aws',
    status: 'ok',
    message: `not needed here; the environment has ${credentials} and ${region}. rekollect doctor --aws tries them`,
  };
}
