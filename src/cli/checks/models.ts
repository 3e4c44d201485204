import { checkInstalled, enginePackages, FACE_API, HUMAN, isInstalled, OWN_PACKAGE } from '../../packages.js';
import { attempt, type Check } from './check.js';

/** Models and the terms of their weights, in short; docs/local-engine.md has the whole story. */
const TERMS: readonly { readonly package: string; readonly models: string; readonly terms: string }[] = [
  {
    package: OWN_PACKAGE,
    models: 'RFB-320 (finds faces), MobileFaceNet (face vectors)',
    terms: 'MIT; MobileFaceNet was trained on MS1M-refine-v2, cleaned from a set that its makers withdrew',
  },
  { package: FACE_API, models: 'landmarks, age and gender, expression', terms: 'MIT' },
  { package: HUMAN, models: 'face mesh, eyes', terms: 'MIT; Apache-2.0 in MediaPipe' },
  {
    package: HUMAN,
    models: 'faceres (faces in profile)',
    terms: 'MIT with the package; its origin states none, and VGGFace2, which it was trained on, has its own',
  },
];

/** A grey picture of 80 × 80 pixels, which the models have to look at. */
const PICTURE = { create: { width: 80, height: 80, channels: 3, background: '#888888' } } as const;

/** The models that are there, under which terms, and whether they run. */
export async function checkModels(): Promise<Check[]> {
  const models = TERMS.filter((each) => isInstalled(each.package)).map(
    (each): Check => ({
      name: 'models',
      status: 'ok',
      message: `${each.models}, of ${each.package}. Terms: ${each.terms}`,
    }),
  );
  return [...models, await attempt('runtime', runModels)];
}

async function runModels(): Promise<Omit<Check, 'name'>> {
  checkInstalled('The local engine', enginePackages(false));
  const [{ FaceModels }, { default: sharp }] = await Promise.all([
    import('../../local/index.js'),
    import('sharp'),
  ]);
  const picture = await sharp(PICTURE).png().toBuffer();
  const runOn = async (runtime: 'native' | 'wasm') => {
    const models = new FaceModels({ workers: 1, runtime });
    try {
      await models.analyze(picture, { vectors: 'to-search', attributes: false });
    } finally {
      await models.close();
    }
  };
  try {
    await runOn('native');
    return { status: 'ok', message: 'the face models run, as machine code' };
  } catch {
    await runOn('wasm');
    return {
      status: 'warn',
      message: 'the face models run as WebAssembly, which takes several times as long',
    };
  }
}
