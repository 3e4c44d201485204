import {
  AssociateFacesCommand,
  CreateUserCommand,
  IndexFacesCommand,
  type RekognitionClient,
} from '@aws-sdk/client-rekognition';
import type { ImageSource, Person } from 'rekollect';

const CollectionId = 'people';

/** Enrolls people as the sample does that this library grew out of (`aws-samples/rekognition-user-vectors`). */
export async function oneAfterTheOther(
  client: Pick<RekognitionClient, 'send'>,
  people: Iterable<Person>,
): Promise<void> {
  for (const { userId: UserId, images } of people) {
    await client.send(new CreateUserCommand({ CollectionId, UserId }));
    const FaceIds: string[] = [];
    for (const { s3Object } of images as Iterable<ImageSource>) {
      const S3Object = { Bucket: s3Object!.bucket, Name: s3Object!.key };
      const { FaceRecords } = await client.send(new IndexFacesCommand({ CollectionId, Image: { S3Object } }));
      FaceIds.push(FaceRecords![0]!.Face!.FaceId!);
    }
    await client.send(new AssociateFacesCommand({ CollectionId, UserId, FaceIds }));
  }
}
