import { CHOICES } from './choices.js';

/** The ARN of a collection, in the form of AWS's and with a region and an account that do not exist there. */
export function collectionArn(collectionId: string): string {
  return `arn:aws:rekognition:${CHOICES.region}:${CHOICES.accountId}:collection/${collectionId}`;
}
