import type { DetectFacesRequest, DetectFacesResponse } from '@aws-sdk/client-rekognition';
import { needsAttributes, toFaceDetail } from '../answer-shapes.js';
import { seeFaces } from '../described-faces.js';
import type { Operation } from '../engine.js';

export const detectFaces: Operation<DetectFacesRequest, DetectFacesResponse> = async (
  { Image, Attributes },
  { readImage, vision },
  signal,
) => {
  const image = await readImage(Image, signal);
  const faces = await seeFaces(await vision(), image, {
    attributes: needsAttributes(Attributes),
    signal,
  });
  return { FaceDetails: faces.map(({ detail }) => toFaceDetail(detail, Attributes)) };
};
