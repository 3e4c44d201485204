// Who is in the photos that are put into a bucket? An AWS Lambda function; docs/running.md has how to build it.
import { RekognitionClient } from '@aws-sdk/client-rekognition';
import { FaceCollection, fromS3, fromUserId } from 'rekollect';

// Outside of the handler, so that all calls of an instance share it.
const client = new RekognitionClient({});
const collection = new FaceCollection(process.env.COLLECTION_ID ?? 'people', { client });

/** What S3 sends, as far as it is needed. */
interface Upload {
  s3: { bucket: { name: string }; object: { key: string; versionId?: string } };
}

export async function handler(event: { Records: Upload[] }, context: { getRemainingTimeInMillis(): number }) {
  // A second is left to say what did not end in time.
  const signal = AbortSignal.timeout(context.getRemainingTimeInMillis() - 1_000);
  for (const { s3 } of event.Records) {
    // S3 writes keys as a query does: with + for a space.
    const key = decodeURIComponent(s3.object.key.replaceAll('+', ' '));
    const photo = fromS3({ bucket: s3.bucket.name, key, version: s3.object.versionId });
    // What this throws makes Lambda call again, twice, and then put the event aside.
    const { faces } = await collection.searchPhoto(photo, { threshold: 90, signal });
    const people = faces.flatMap((face) =>
      face.status === 'matched' ? [fromUserId(face.matches[0].userId)] : [],
    );
    console.log(JSON.stringify({ photo: photo.name, faces: faces.length, people }));
  }
}
