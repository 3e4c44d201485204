import type { DetectFacesRequest, DetectFacesResponse } from '@aws-sdk/client-rekognition';
import type { Operation } from '../engine.js';
import { seeFaces } from '../photos/described-faces.js';
import { needsAttributes, toFaceDetail } from '../protocol/answer-shapes.js';

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
