import type { FaceDetail, FaceRecord } from '@aws-sdk/client-rekognition';
import { fromBuffer, type ImageSource } from 'rekollect';
import sharp from 'sharp';

/** A face id that is told apart by its number. */
export const faceId = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

export const faceIds = (count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, index) => faceId(from + index));

export const aBox = (left: number, top = 0.3, width = 0.2, height = 0.2) => ({
  Left: left,
  Top: top,
  Width: width,
  Height: height,
});

export const aFaceDetail = (left: number, width = 0.2): FaceDetail => ({
  BoundingBox: aBox(left, 0.3, width, width),
  Confidence: 99,
});

export const aFaceRecord = (n: number, width = 0.2): FaceRecord => ({
  Face: { FaceId: faceId(n), BoundingBox: aBox(0.1, 0.1, width, width), Confidence: 99 },
  FaceDetail: { BoundingBox: aBox(0.1, 0.1, width, width), Confidence: 99 },
});

/** A picture without any face, whose bytes differ by its number. */
export async function aPicture(n: number, width = 400, height = 300): Promise<ImageSource> {
  const background = { r: n % 256, g: (n * 7) % 256, b: (n * 31) % 256 };
  const bytes = await sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
  return fromBuffer(bytes, { name: `picture ${n}` });
}

/** An error as the service's, by its name. */
export function serviceError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

/** Answers the first call with the first, and so on; an error is thrown. The last stands for all that follow. */
export const inTurn = <Answer>(...answers: (Answer | Error)[]) => {
  let call = 0;
  return async () => {
    const answer = answers[Math.min(call++, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return answer;
  };
};

/** How an answer says why something was set aside, for one reason. */
export const because = (reason: string) => ({ reason, reasons: [reason] });
