import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type AnnotateOptions, annotate } from '../../src/annotate/annotate.js';
import type { AnnotatedFace } from '../../src/annotate/marks.js';
import { InvalidArgumentError } from '../../src/errors.js';
import { fromBuffer } from '../../src/images/from-buffer.js';
import { fromFile } from '../../src/images/from-file.js';
import type { FaceSearch } from '../../src/photo-search/face-search.js';
import type { PhotoSearch } from '../../src/photo-search/search-photo.js';
import type { BoundingBox, FaceMatch, UserMatch } from '../../src/types.js';
import { quarterColours, quarters, withOrientation } from '../images/test-pictures.js';

const SAMPLE = 'node_modules/@vladmandic/face-api/demo/sample1.jpg';
const MIDDLE: BoundingBox = { left: 0.4, top: 0.4, width: 0.2, height: 0.3 };
const MATCHED = [86, 180, 233];
const UNMATCHED = [240, 228, 66];
const FAILED = [213, 94, 0];
const AMBIGUOUS = [204, 121, 167];

const aUser = (match: Partial<UserMatch> = {}): UserMatch => ({ userId: 'ada', similarity: 98.7, ...match });
const aFace = (match: Partial<FaceMatch> = {}): FaceMatch => ({
  faceId: '11111111-2222-3333-4444-555555555555',
  similarity: 98.7,
  ...match,
});
const matched = <Match extends UserMatch | FaceMatch>(
  match: Match,
  boundingBox = MIDDLE,
): FaceSearch<Match> => ({
  status: 'matched',
  face: { boundingBox },
  matches: [match],
});
const unmatched = (boundingBox = MIDDLE): FaceSearch => ({
  status: 'unmatched',
  face: { boundingBox },
  reason: 'NOBODY_ALIKE',
});
const unsearchable: FaceSearch = {
  status: 'unsearchable',
  face: { boundingBox: MIDDLE },
  reason: 'LOW_SHARPNESS',
  reasons: ['LOW_SHARPNESS'],
};
const failed = (boundingBox = MIDDLE): FaceSearch => ({
  status: 'failed',
  face: { boundingBox },
  error: new Error('throttled'),
});
const ambiguous: AnnotatedFace = {
  status: 'ambiguous',
  face: { boundingBox: MIDDLE },
  between: [aUser(), aUser({ userId: 'bob', similarity: 98.1 })],
};

const grey = (width = 800, height = 600) =>
  sharp({ create: { width, height, channels: 3, background: '#808080' } })
    .png()
    .toBuffer();

interface Picture {
  width: number;
  height: number;
  /** How many pixels have the colour. */
  count(colour: number[]): number;
  at(x: number, y: number): number[];
}

async function draw<Face extends AnnotatedFace>(
  photo: Buffer,
  result: { faces: readonly Face[] } | readonly Face[],
  options: AnnotateOptions<Face> = {},
): Promise<Picture> {
  const png = await annotate(fromBuffer(photo), result, { format: 'png', ...options });
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3),
  ];
  return {
    width: info.width,
    height: info.height,
    at,
    count(colour) {
      let pixels = 0;
      for (let i = 0; i < data.length; i += 3) {
        if (data[i] === colour[0] && data[i + 1] === colour[1] && data[i + 2] === colour[2]) pixels++;
      }
      return pixels;
    },
  };
}

/** Two pictures are drawn alike exactly when their encodings are. */
const drawn = async <Face extends AnnotatedFace>(
  result: readonly Face[],
  options: AnnotateOptions<Face> = {},
) =>
  Buffer.from(await annotate(fromBuffer(await grey()), result, { format: 'png', ...options })).toString(
    'base64',
  );
const labelled = (label: string) => drawn([matched(aUser())], { label: () => label });

describe('annotate', () => {
  it('frames every face in the colour of what came of it, on all four sides', async () => {
    const photo = await grey();
    for (const [face, colour] of [
      [matched(aUser()), MATCHED],
      [ambiguous, AMBIGUOUS],
      [unmatched(), UNMATCHED],
      [failed(), FAILED],
      [unsearchable, FAILED],
    ] as const) {
      const picture = await draw<AnnotatedFace>(photo, [face], { label: () => '' });
      const isNear = (x: number, y: number) =>
        Array.from({ length: 31 * 31 }, (_, i) =>
          picture.at(x - 15 + (i % 31), y - 15 + Math.floor(i / 31)),
        ).some((found) => found.join() === colour.join());
      expect([isNear(320, 300), isNear(400, 240), isNear(480, 300), isNear(400, 420)]).not.toContain(false);
      expect(picture.at(400, 330)).toEqual([128, 128, 128]);
    }
  });

  it('tells what came of faces apart without colour', async () => {
    const photo = await grey();
    const lines = [matched(aUser()), ambiguous, unmatched(), failed()].map(async (face) => {
      const picture = await draw<AnnotatedFace>(photo, [face], { label: () => '' });
      // Of each pixel only whether it is of the photo, dark, or light.
      const kindAt = (x: number, y: number) => {
        const colour = picture.at(x, y).join();
        return colour === '128,128,128' ? '' : colour === '0,0,0' ? '.' : '#';
      };
      const across = Array.from({ length: 30 }, (_, step) => kindAt(325, 225 + step)).join('');
      const along = Array.from({ length: 100 }, (_, step) => kindAt(350 + step, 240)).join('');
      return { isDouble: /#\.+#/.test(across), dash: /\.(#+)\./.exec(along)?.[1]?.length };
    });
    const [solid, double, dashed, dotted] = await Promise.all(lines);
    expect(solid).toEqual({ isDouble: false, dash: undefined });
    expect(double!.isDouble).toBe(true);
    expect(dotted!.dash).toBeGreaterThan(0);
    expect(dashed!.dash).toBeGreaterThan(3 * dotted!.dash!);
  });

  it('draws a status that it does not know as unknown', async () => {
    const later = { ...unmatched(), status: 'something new', matches: [aUser()] };
    expect(await drawn([later])).toBe(await drawn([unmatched()]));
    expect(await drawn([{ status: 'matched', face: { boundingBox: MIDDLE } }])).toBe(
      await drawn([unmatched()]),
    );
  });

  it('draws dark lines along the coloured ones, so that they show on any picture', async () => {
    const picture = await draw(await grey(), [matched(aUser())]);
    const across = Array.from({ length: 21 }, (_, step) => picture.at(310 + step, 300).join());
    expect(across.filter((colour, i) => colour !== across[i - 1])).toEqual([
      '128,128,128',
      '0,0,0',
      MATCHED.join(),
      '0,0,0',
      '128,128,128',
    ]);
  });

  it('takes a whole search of a photo, or some of its faces', async () => {
    const search: PhotoSearch<UserMatch> = { faces: [matched(aUser())] };
    const photo = fromBuffer(await grey());
    expect(await annotate(photo, search)).toEqual(await annotate(photo, search.faces));
  });

  it('answers a JPEG, or a PNG on demand', async () => {
    const photo = fromFile(SAMPLE);
    const formatOf = async (bytes: Uint8Array) => (await sharp(bytes).metadata()).format;
    expect(await formatOf(await annotate(photo, []))).toBe('jpeg');
    expect(await formatOf(await annotate(photo, [], { format: 'png' }))).toBe('png');
    await expect(annotate(photo, [], { format: 'gif' as 'png' })).rejects.toThrow(InvalidArgumentError);
  });

  it('shows the photo upright, and finds its faces there', async () => {
    const upright = await quarters(400, 300);
    const lying = await withOrientation(upright, 6);
    const picture = await draw(lying, [matched(aUser(), { left: 0.6, top: 0.6, width: 0.2, height: 0.2 })]);
    expect(picture).toMatchObject({ width: 400, height: 300 });
    expect(picture.at(240, 210)).toEqual(MATCHED);
    expect(await quarterColours(await annotate(fromBuffer(lying), []))).toBe('rgbw');
  });

  it('leaves out faces that are not in the photo', async () => {
    const nowhere = [
      { left: 1.5, top: 0, width: 0.2, height: 0.2 },
      { left: 0.5, top: 0.5, width: 0, height: 0.1 },
      { left: Number.NaN, top: 0, width: 1, height: 1 },
    ];
    const nothing = await drawn([]);
    expect(await drawn(nowhere.map((box) => matched(aUser(), box)))).toBe(nothing);
    expect(await drawn([matched(aUser())])).not.toBe(nothing);
  });

  it('shows all four lines of a face that reaches past the photo', async () => {
    const picture = await draw(
      await grey(),
      [unmatched({ left: -0.2, top: -0.2, width: 1.4, height: 1.4 })],
      {
        label: () => '',
      },
    );
    for (const [x, y] of [
      [400, 2],
      [400, 597],
      [2, 300],
      [797, 300],
    ] as const) {
      expect(picture.at(x, y)).toEqual(UNMATCHED);
    }
  });

  it.each([
    [300, 200],
    [6000, 2000],
  ])('draws lines and letters that suit a picture of %i × %i', async (width, height) => {
    const face = { left: 0.4, top: 0.4, width: 0.2, height: 0.3 };
    const bare = await draw(await grey(width, height), [matched(aUser(), face)], { label: () => '' });
    const line = bare.count(MATCHED) / (2 * (0.2 * width + 0.3 * height));
    expect(line).toBeGreaterThan(Math.max(1.5, width / 1000));
    expect(line).toBeLessThan(Math.max(3, width / 200));
    const picture = await draw(await grey(width, height), [matched(aUser(), face)]);
    const label = picture.count(MATCHED) - bare.count(MATCHED);
    expect(label).toBeGreaterThan(0.003 * width * height);
    expect(label).toBeLessThan(0.05 * width * height);
  });

  it('draws a hundred faces, each with its label', async () => {
    const faces = Array.from({ length: 100 }, (_, i) =>
      matched(aUser({ userId: `u${i}` }), {
        left: 0.02 + (i % 10) * 0.098,
        top: 0.04 + Math.floor(i / 10) * 0.095,
        width: 0.03,
        height: 0.045,
      }),
    );
    const photo = await grey(2000, 2000);
    const picture = await draw(photo, faces);
    const bare = await draw(photo, faces, { label: () => '' });
    const single = await draw(photo, faces.slice(0, 1));
    const bareSingle = await draw(photo, faces.slice(0, 1), { label: () => '' });
    const oneLabel = single.count(MATCHED) - bareSingle.count(MATCHED);
    expect((picture.count(MATCHED) - bare.count(MATCHED)) / oneLabel).toBeGreaterThan(90);
  });

  it('draws into pictures that are too small for any label', async () => {
    const picture = await draw(await grey(12, 9), [matched(aUser({ userId: 'somebody' }))]);
    expect(picture).toMatchObject({ width: 12, height: 9 });
  });

  it('rejects with the reason of the signal', async () => {
    const reason = new Error('too late');
    const signal = AbortSignal.abort(reason);
    await expect(annotate(fromFile(SAMPLE), [], { signal })).rejects.toBe(reason);
  });

  it('gives up between drawing and encoding too', async () => {
    const reason = new Error('too late');
    const controller = new AbortController();
    const label = () => {
      controller.abort(reason);
      return 'ada';
    };
    const picture = annotate(fromFile(SAMPLE), [matched(aUser())], { signal: controller.signal, label });
    await expect(picture).rejects.toBe(reason);
  });

  it.each([undefined, null, 'ada', {}, { faces: 3 }])('refuses %j as a result', async (result) => {
    await expect(annotate(fromFile(SAMPLE), result as unknown as [])).rejects.toThrow(InvalidArgumentError);
  });

  it.each([null, 'ada', {}, { status: 'matched', face: {} }])('refuses %j as a face', async (face) => {
    await expect(annotate(fromFile(SAMPLE), [matched(aUser()), face as FaceSearch])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      argument: 'result.faces[1]',
    });
  });

  it('refuses a photo that cannot be read', async () => {
    await expect(annotate(fromBuffer(Buffer.from('no image')), [])).rejects.toMatchObject({
      problem: 'NOT_AN_IMAGE',
    });
    const large = annotate(fromFile(SAMPLE), [], { limitInputPixels: 1000 });
    await expect(large).rejects.toMatchObject({ problem: 'TOO_MANY_PIXELS' });
  });
});

describe('a label', () => {
  it.each<[string, FaceSearch, string]>([
    ['the user and the similarity', matched(aUser()), 'ada 98.7 %'],
    ['the user of a face', matched(aFace({ userId: 'ada', externalImageId: 'ada-1.jpg' })), 'ada 98.7 %'],
    [
      'the image of a face without a user',
      matched(aFace({ externalImageId: 'ada-1.jpg' })),
      'ada-1.jpg 98.7 %',
    ],
    ['the beginning of the id of a face without either', matched(aFace()), '11111111 98.7 %'],
    ['the similarity to one decimal', matched(aUser({ similarity: 99.0699996948 })), 'ada 99.1 %'],
  ])('says %s', async (_, face, text) => {
    expect(await drawn([face])).toBe(await labelled(text));
  });

  it('says unknown, or not searched', async () => {
    expect(await drawn([unmatched()])).toBe(await drawn([unmatched()], { label: () => 'unknown' }));
    expect(await drawn([failed()])).toBe(await drawn([failed()], { label: () => 'not searched' }));
  });

  it('names the two that an ambiguous face may be, where both are told', async () => {
    const labelledBy = (text: string) => drawn([ambiguous], { label: () => text });
    expect(await drawn([ambiguous])).toBe(await labelledBy('ada or bob ?'));
    expect(await drawn([{ ...ambiguous, between: [] }])).toBe(await labelledBy('ambiguous'));
  });

  it('is of the best match', async () => {
    const several: FaceSearch = {
      status: 'matched',
      face: { boundingBox: MIDDLE },
      matches: [aUser(), aUser({ userId: 'bob', similarity: 90 })],
    };
    expect(await drawn([several])).toBe(await labelled('ada 98.7 %'));
  });

  it('is yours to write, face by face', async () => {
    const faces = [matched(aUser(), { left: 0.1, top: 0.4, width: 0.2, height: 0.3 }), unmatched()];
    const seen: unknown[] = [];
    await drawn(faces, {
      label(face, index) {
        seen.push([face, index]);
        return undefined;
      },
    });
    expect(seen).toEqual(faces.map((face, index) => [face, index]));
  });

  it('is as it would be where yours is undefined, and left out where it is empty', async () => {
    expect(await drawn([matched(aUser())], { label: () => undefined })).toBe(await labelled('ada 98.7 %'));
    const bare = await draw(await grey(), [matched(aUser())], { label: () => '' });
    const full = await draw(await grey(), [matched(aUser())]);
    expect(full.count(MATCHED)).toBeGreaterThan(1.5 * bare.count(MATCHED));
  });
});
