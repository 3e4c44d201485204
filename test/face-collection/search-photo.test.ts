import {
  DetectFacesCommand,
  RekognitionClient,
  SearchFacesByImageCommand,
  type SearchFacesByImageCommandInput,
  SearchUsersByImageCommand,
  type SearchUsersByImageCommandInput,
} from '@aws-sdk/client-rekognition';
import { mockClient } from 'aws-sdk-client-mock';
import { FaceCollection, fromS3, type ImageSource, WrongFaceError } from 'rekollect';
import sharp from 'sharp';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { aBox, because, serviceError } from '../support/aws-answers.js';

const aws = mockClient(RekognitionClient);
afterAll(() => aws.restore());
const team = new FaceCollection('team', { client: new RekognitionClient({ region: 'eu-west-1' }) });

/** Where the three faces of the photo are, the largest first, and what colour each is painted in. */
const FACES = [
  { ...aBox(0.1, 0.2, 0.2, 0.4), colour: 'red' },
  { ...aBox(0.45, 0.3, 0.1, 0.2), colour: 'lime' },
  { ...aBox(0.75, 0.3, 0.1, 0.2), colour: 'blue' },
] as const;
const COLOURS = { red: [255, 0, 0], lime: [0, 255, 0], blue: [0, 0, 255] } as const;

/** A picture whose "faces" are rectangles of one colour each, so that a crop tells which of them it shows. */
const photo: ImageSource = {
  name: 'three faces',
  read: () =>
    sharp({ create: { width: 1000, height: 500, channels: 3, background: 'white' } })
      .composite(
        FACES.map(({ Left, Top, Width, Height, colour }) => ({
          input: {
            create: { width: Width * 1000, height: Height * 500, channels: 3 as const, background: colour },
          },
          left: Left * 1000,
          top: Top * 500,
        })),
      )
      .png()
      .toBuffer(),
};

const face = (index: number) => ({ BoundingBox: FACES[index], Confidence: 99 });
const unsearched = (index: number) => ({ FaceDetails: face(index), Reasons: ['FACE_NOT_LARGEST' as const] });

/** The largest rectangle of one colour in a picture, as the service would find the largest face. */
async function look(bytes: Uint8Array | undefined) {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const seen = (Object.keys(COLOURS) as (keyof typeof COLOURS)[]).map((colour) => {
    const [red, green, blue] = COLOURS[colour];
    let [left, top, right, bottom, pixels] = [info.width, info.height, 0, 0, 0];
    for (let at = 0; at < data.length; at += 3) {
      const far = [red - data[at]!, green - data[at + 1]!, blue - data[at + 2]!].some(
        (d) => Math.abs(d) > 60,
      );
      if (far) continue;
      const [x, y] = [(at / 3) % info.width, Math.floor(at / 3 / info.width)];
      [left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x),
        Math.max(bottom, y),
      ];
      pixels += 1;
    }
    const box = aBox(
      left / info.width,
      top / info.height,
      (right - left + 1) / info.width,
      (bottom - top + 1) / info.height,
    );
    return { colour, pixels, box };
  });
  const [largest] = seen.filter(({ pixels }) => pixels > 50).sort((a, b) => b.pixels - a.pixels);
  return largest;
}

/** Answers a crop as the service would: with the largest face it shows, and that face's user. */
async function searchUsers({ Image }: SearchUsersByImageCommandInput) {
  const largest = await look(Image?.Bytes);
  if (!largest) return { UserMatches: [] };
  return {
    SearchedFace: { FaceDetail: { BoundingBox: largest.box } },
    UserMatches: [{ Similarity: 99, User: { UserId: largest.colour } }],
  };
}

/** The first call asks about the whole photo. */
function answerPhotoThen(
  searchCrop: (input: SearchUsersByImageCommandInput) => Promise<object>,
  faces = [1, 2],
) {
  let calls = 0;
  aws.on(SearchUsersByImageCommand).callsFake(async (input) => {
    if (calls++ > 0) return searchCrop(input);
    return {
      SearchedFace: { FaceDetail: face(0) },
      UserMatches: [{ Similarity: 99, User: { UserId: 'red' } }],
      UnsearchedFaces: faces.map(unsearched),
    };
  });
}

const names = (faces: readonly object[]) =>
  faces.map((found) => {
    const { status, matches } = found as { status: string; matches?: { userId: string }[] };
    return matches?.[0]?.userId ?? status;
  });

beforeEach(() => aws.reset());

describe('searchPhoto', () => {
  it('searches every face, in the order of the faces, and asks nothing twice', async () => {
    answerPhotoThen(searchUsers);
    const { faces } = await team.searchPhoto(photo);
    expect(names(faces)).toEqual(['red', 'lime', 'blue']);
    expect(faces.map(({ face }) => face.boundingBox.left)).toEqual([0.1, 0.45, 0.75]);
    // The first search finds the faces and answers the largest.
    expect(aws.calls()).toHaveLength(3);
  });

  it('searches a face that was left out without a reason too', async () => {
    let calls = 0;
    aws.on(SearchUsersByImageCommand).callsFake(async (input) => {
      if (calls++ > 0) return searchUsers(input);
      return { SearchedFace: { FaceDetail: face(0) }, UnsearchedFaces: [{ FaceDetails: face(1) }] };
    });
    expect(names((await team.searchPhoto(photo)).faces)).toEqual(['unmatched', 'lime']);
  });

  it('gives the matches of a mock that does not say which face they are of', async () => {
    aws
      .on(SearchUsersByImageCommand)
      .resolves({ UserMatches: [{ Similarity: 99, User: { UserId: 'ada' } }] });
    const { faces } = await team.searchPhoto(photo);
    expect(faces).toMatchObject([{ status: 'matched', matches: [{ userId: 'ada', similarity: 99 }] }]);
  });

  it('needs one call for a portrait, and no download when it lies in S3', async () => {
    answerPhotoThen(searchUsers, []);
    const { faces } = await team.searchPhoto(fromS3({ bucket: 'party', key: '1.jpg' }));
    expect(names(faces)).toEqual(['red']);
    expect(aws.calls()).toHaveLength(1);
  });

  it('is an empty answer when the photo has no face', async () => {
    aws.on(SearchUsersByImageCommand).resolves({ UserMatches: [] });
    aws.on(DetectFacesCommand).resolves({ FaceDetails: [] });
    expect(await team.searchPhoto(photo)).toEqual({ faces: [] });
    expect(await team.searchPhoto(photo, { by: 'faces' })).toEqual({ faces: [] });
  });

  it('finds the faces first when it searches single faces', async () => {
    aws.on(DetectFacesCommand).resolves({ FaceDetails: [face(0), face(1), face(2)] });
    aws.on(SearchFacesByImageCommand).callsFake(async ({ Image }: SearchFacesByImageCommandInput) => {
      const largest = await look(Image?.Bytes);
      return {
        SearchedFaceBoundingBox: largest?.box,
        FaceMatches:
          largest?.colour === 'blue' ? [] : [{ Similarity: 99, Face: { UserId: largest?.colour } }],
      };
    });
    const { faces } = await team.searchPhoto(photo, { by: 'faces' });
    expect(names(faces)).toEqual(['red', 'lime', 'unmatched']);
  });

  it('tells of a face that is unmatched the nearest user, if asked', async () => {
    answerPhotoThen(async (input) => {
      const answer = await searchUsers(input);
      return { ...answer, UserMatches: [{ Similarity: 70, User: { UserId: 'nearly' } }] };
    });
    const { faces } = await team.searchPhoto(photo, { best: true });
    expect(names(faces)).toEqual(['red', 'unmatched', 'unmatched']);
    expect(faces[1]).toMatchObject({ best: { userId: 'nearly', similarity: 70 } });
  });

  it('tells a face that is like two users from one that is surely somebody, and from one who may be', async () => {
    const alike = {
      red: [],
      lime: [99, 98.5],
      blue: [85],
    };
    answerPhotoThen(async (input) => {
      const { colour = 'red' } = (await look(input.Image?.Bytes)) ?? {};
      const UserMatches = alike[colour].map((Similarity, n) => ({
        Similarity,
        User: { UserId: `user-${n}` },
      }));
      return { ...(await searchUsers(input)), UserMatches };
    });
    const request = { threshold: 95, suggestionThreshold: 80, margin: 1 };
    const { faces } = await team.searchPhoto(photo, request);
    expect(faces).toMatchObject([
      { status: 'matched', matches: [{ userId: 'red' }] },
      { status: 'ambiguous', between: [{ userId: 'user-0' }, { userId: 'user-1' }] },
      { status: 'suggested', suggestions: [{ userId: 'user-0', similarity: 85 }] },
    ]);
    expect(aws.calls()).toHaveLength(3);
  });

  it('keeps at most `concurrency` calls in flight, and the order whichever comes back first', async () => {
    let running = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    answerPhotoThen(
      async (input) => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          // The last to come is let go first.
          if (waiting.length === 2) for (const release of waiting.splice(0).reverse()) release();
        });
        running -= 1;
        return searchUsers(input);
      },
      [1, 2, 1, 2],
    );
    const { faces } = await team.searchPhoto(photo, { concurrency: 2 });
    expect(most).toBe(2);
    expect(names(faces)).toEqual(['red', 'lime', 'blue', 'lime', 'blue']);
  });

  it('lets one failed face spoil no other', async () => {
    const throttled = serviceError('ProvisionedThroughputExceededException');
    answerPhotoThen(async (input) => {
      if ((await look(input.Image?.Bytes))?.colour === 'lime') throw throttled;
      return searchUsers(input);
    });
    const { faces } = await team.searchPhoto(photo);
    expect(names(faces)).toEqual(['red', 'failed', 'blue']);
    expect(faces[1]).toMatchObject({ error: throttled });
  });

  it('says why a face was too poor to be searched', async () => {
    aws.on(SearchUsersByImageCommand).resolves({
      UserMatches: [],
      UnsearchedFaces: [{ FaceDetails: face(0), Reasons: ['FACE_NOT_LARGEST', 'LOW_SHARPNESS'] }],
    });
    const { faces } = await team.searchPhoto(photo, { qualityFilter: 'HIGH' });
    expect(faces).toMatchObject([{ status: 'unsearchable', ...because('LOW_SHARPNESS') }]);
    expect(aws.calls()).toHaveLength(1);
  });

  it('looks again, wider, at a face that is not found in its crop, and then says so', async () => {
    const widths: number[] = [];
    answerPhotoThen(
      async ({ Image }) => {
        widths.push((await sharp(Image?.Bytes).metadata()).width);
        return { UserMatches: [] };
      },
      [1],
    );
    const { faces } = await team.searchPhoto(photo);
    expect(faces[1]).toMatchObject({ status: 'unsearchable', ...because('NO_FACE') });
    expect(widths).toHaveLength(2);
    expect(widths[1]).toBeGreaterThan(widths[0] as number);
  });

  it('rejects with the reason when the caller gives up', async () => {
    const giveUp = new AbortController();
    const reason = new Error('enough');
    answerPhotoThen(async () => {
      giveUp.abort(reason);
      throw serviceError('AbortError');
    });
    await expect(team.searchPhoto(photo, { signal: giveUp.signal })).rejects.toBe(reason);
  });
});

describe('searchPhoto with uniqueUsers', () => {
  const redAndLime = [
    { Similarity: 97, User: { UserId: 'red' } },
    { Similarity: 90, User: { UserId: 'lime' } },
  ];

  it('gives a user to one face, and tells the other which face that is', async () => {
    answerPhotoThen(async (input) => ({ ...(await searchUsers(input)), UserMatches: redAndLime }));
    const { faces } = await team.searchPhoto(photo, { uniqueUsers: true });
    expect(faces).toMatchObject([
      { status: 'matched', matches: [{ userId: 'red' }] },
      { status: 'matched', matches: [{ userId: 'lime' }], taken: [{ match: { userId: 'red' }, byFace: 0 }] },
      { status: 'unmatched', reason: 'TAKEN_BY_OTHER_FACES', taken: { length: 2 } },
    ]);
    answerPhotoThen(async (input) => ({ ...(await searchUsers(input)), UserMatches: redAndLime }));
    expect(names((await team.searchPhoto(photo)).faces)).toEqual(['red', 'red', 'red']);
  });

  it('asks for enough users that each face could be left its last choice', async () => {
    answerPhotoThen(searchUsers);
    await team.searchPhoto(photo, { uniqueUsers: true, limit: 1 });
    const asked = aws.commandCalls(SearchUsersByImageCommand).map(({ args }) => args[0].input.MaxUsers);
    // How many faces there are is known after the first search.
    expect(asked).toEqual([101, 4, 4]);
  });

  it('goes by the users of the faces where it searches faces, of which users have many', async () => {
    aws.on(DetectFacesCommand).resolves({ FaceDetails: [face(0), face(1), face(2)] });
    aws.on(SearchFacesByImageCommand).callsFake(async ({ Image }: SearchFacesByImageCommandInput) => {
      const largest = await look(Image?.Bytes);
      const FaceMatches = [
        { Similarity: largest?.colour === 'lime' ? 99 : 95, Face: { FaceId: '1', UserId: 'ada' } },
        { Similarity: 94, Face: { FaceId: '2', UserId: 'ada' } },
      ];
      return { SearchedFaceBoundingBox: largest?.box, FaceMatches };
    });
    const { faces } = await team.searchPhoto(photo, { by: 'faces', uniqueUsers: true });
    expect(names(faces)).toEqual(['unmatched', 'ada', 'unmatched']);
    expect(faces[0]?.taken).toEqual([{ match: { faceId: '1', userId: 'ada', similarity: 95 }, byFace: 1 }]);
    expect(aws.commandCalls(SearchFacesByImageCommand)[0]?.args[0].input.MaxFaces).toBe(400);
  });
});

describe('a crop that holds a larger neighbour', () => {
  const small = aBox(0.32, 0.3, 0.1, 0.2);
  const crowd: ImageSource = {
    name: 'crowd',
    read: async () =>
      sharp(await photo.read())
        .composite([
          {
            input: { create: { width: 100, height: 100, channels: 3, background: 'blue' } },
            left: 320,
            top: 150,
          },
        ])
        .png()
        .toBuffer(),
  };
  const answerCrowdThen = (searchCrop: (input: SearchUsersByImageCommandInput) => Promise<object>) => {
    let calls = 0;
    aws.on(SearchUsersByImageCommand).callsFake(async (input) => {
      if (calls++ > 0) return searchCrop(input);
      return {
        SearchedFace: { FaceDetail: face(0) },
        UserMatches: [{ Similarity: 99, User: { UserId: 'red' } }],
        UnsearchedFaces: [{ FaceDetails: { BoundingBox: small }, Reasons: ['FACE_NOT_LARGEST'] }],
      };
    });
  };

  it('is searched for the face that was meant', async () => {
    answerCrowdThen(searchUsers);
    const { faces } = await team.searchPhoto(crowd);
    expect(names(faces)).toEqual(['red', 'blue']);
  });

  it('is a failure, not a name, when the neighbour is found in its place all the same', async () => {
    answerCrowdThen(async () => ({
      SearchedFace: { FaceDetail: { BoundingBox: aBox(0, 0, 0.2, 0.3) } },
      UserMatches: [{ Similarity: 99, User: { UserId: 'red' } }],
    }));
    const { faces } = await team.searchPhoto(crowd);
    expect(faces[1]).toMatchObject({ status: 'failed', error: { code: 'WRONG_FACE' } });
    expect((faces[1] as { error: Error }).error).toBeInstanceOf(WrongFaceError);
  });
});
