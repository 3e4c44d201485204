import {
  CreateCollectionCommand,
  InvalidPaginationTokenException,
  ListCollectionsCommand,
  ListFacesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from 'vitest';
import { aCollection, CollectionId } from '../support/declared-collection.js';

/** A collection with a token for the second page of its faces. */
async function aPagedCollection() {
  const team = await aCollection();
  const faceIds = await team.index([{}, {}, {}]);
  const { NextToken } = await team.send(new ListFacesCommand({ CollectionId, MaxResults: 1 }));
  return { ...team, faceIds, NextToken: NextToken! };
}

describe('a pagination token', () => {
  it('tells nothing of the ids behind it, and is as short as the model asks', async () => {
    const { NextToken, faceIds } = await aPagedCollection();
    for (const faceId of faceIds) expect(NextToken).not.toContain(faceId);
    expect(NextToken.length).toBeLessThanOrEqual(255);
  });

  it('can be an argument of a command, which none that begins with "-" can', async () => {
    const { send, index } = await aCollection();
    await index(Array.from({ length: 20 }, () => ({})));
    let NextToken: string | undefined;
    do {
      const page = await send(new ListFacesCommand({ CollectionId, MaxResults: 1, NextToken }));
      NextToken = page.NextToken;
      expect(NextToken ?? 'none').toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
    } while (NextToken);
  });

  it('is good for pages of any size', async () => {
    const { send, faceIds, NextToken } = await aPagedCollection();
    const { Faces } = await send(new ListFacesCommand({ CollectionId, NextToken, MaxResults: 100 }));
    expect(Faces!.map(({ FaceId }) => FaceId)).toEqual(faceIds.toSorted().slice(1));
  });

  it('is refused by another operation, another collection and another filter', async () => {
    const { send, NextToken, faceIds } = await aPagedCollection();
    await send(new CreateCollectionCommand({ CollectionId: 'other' }));
    for (const command of [
      new ListUsersCommand({ CollectionId, NextToken }),
      new ListCollectionsCommand({ NextToken }),
      new ListFacesCommand({ CollectionId: 'other', NextToken }),
      new ListFacesCommand({ CollectionId, NextToken, FaceIds: faceIds }),
      new ListFacesCommand({ CollectionId, NextToken, UserId: 'ada' }),
    ])
      await expect(send(command as ListFacesCommand)).rejects.toThrow(InvalidPaginationTokenException);
  });

  it('is refused when it was tampered with, or is none of ours', async () => {
    const { send, NextToken } = await aPagedCollection();
    const swapped = (NextToken[20] === 'A' ? 'B' : 'A') as string;
    for (const token of [
      NextToken.slice(0, 20) + swapped + NextToken.slice(21),
      NextToken.slice(1),
      `${NextToken}=`,
      `${NextToken}A`,
      'garbage',
      '🙂',
      '',
    ])
      await expect(send(new ListFacesCommand({ CollectionId, NextToken: token }))).rejects.toThrow(
        'Invalid Pagination Token',
      );
  });

  it('goes on where it was, also when the face before it is gone', async () => {
    const { send, client, faceIds, NextToken } = await aPagedCollection();
    const [first, ...others] = faceIds.toSorted();
    await client.answer('DeleteFaces', { CollectionId, FaceIds: [first] });
    const { Faces } = await send(new ListFacesCommand({ CollectionId, NextToken }));
    expect(Faces!.map(({ FaceId }) => FaceId)).toEqual(others);
  });

  it('is not given where the last page is full', async () => {
    const { send } = await aPagedCollection();
    expect(await send(new ListFacesCommand({ CollectionId, MaxResults: 3 }))).not.toHaveProperty('NextToken');
  });
});
