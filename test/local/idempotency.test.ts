import {
  AssociateFacesCommand,
  CreateCollectionCommand,
  CreateUserCommand,
  DeleteCollectionCommand,
  DeleteUserCommand,
  DisassociateFacesCommand,
  IdempotentParameterMismatchException,
  ListUsersCommand,
} from '@aws-sdk/client-rekognition';

import { afterEach, describe, expect, it, vi } from 'vitest';
import { MemoryStore } from '../../src/local/store/memory.js';
import type { ServiceCommand } from '../../src/service/client.js';
import { aCollection, CollectionId } from '../support/declared-collection.js';

const ClientRequestToken = 'once-only';
const ada = { CollectionId, UserId: 'ada' };
const withToken = { ...ada, ClientRequestToken };
const membersOf = ({ $metadata, ...members }: { $metadata: object }) => members;

afterEach(() => {
  vi.useRealTimers();
});

describe('a request token', () => {
  it('gets a second request the answer of the first, which is done once', async () => {
    const { send } = await aCollection();
    const first = await send(new CreateUserCommand(withToken));
    const second = await send(new CreateUserCommand(withToken));
    expect(membersOf(second)).toEqual(membersOf(first));
    expect(second.$metadata.requestId).not.toBe(first.$metadata.requestId);
    expect((await send(new ListUsersCommand({ CollectionId }))).Users).toHaveLength(1);
  });

  it('works for every operation that takes one', async () => {
    const { send, index } = await aCollection();
    const FaceIds = await index([{ person: 'ada' }]);
    const twice = async <Output extends { $metadata: object }>(command: ServiceCommand<Output>) => {
      const answers = [await send(command), await send(command)].map(membersOf);
      expect(answers[1]).toEqual(answers[0]);
      return answers[0];
    };
    await twice(new CreateUserCommand(withToken));
    const faces = { ...withToken, FaceIds };
    expect(await twice(new AssociateFacesCommand(faces))).toMatchObject({
      AssociatedFaces: [{ FaceId: FaceIds[0] }],
    });
    expect(await twice(new DisassociateFacesCommand(faces))).toMatchObject({
      DisassociatedFaces: [{ FaceId: FaceIds[0] }],
    });
    await twice(new DeleteUserCommand(withToken));
  });

  it('is refused with other parameters', async () => {
    const { send } = await aCollection();
    await send(new CreateUserCommand(withToken));
    const other = send(new CreateUserCommand({ ...withToken, UserId: 'grace' }));
    await expect(other).rejects.toThrow(IdempotentParameterMismatchException);
    await expect(other).rejects.toThrow(
      'The ClientRequestToken: once-only you have supplied is already in use.',
    );
  });

  it('is one for each operation and each collection', async () => {
    const { send } = await aCollection();
    await send(new CreateCollectionCommand({ CollectionId: 'other' }));
    await send(new CreateUserCommand(withToken));
    await expect(send(new CreateUserCommand({ ...withToken, CollectionId: 'other' }))).resolves.toBeDefined();
    await expect(send(new DeleteUserCommand(withToken))).resolves.toBeDefined();
  });

  it('is not used up by a request that was refused', async () => {
    const { send } = await aCollection();
    await expect(send(new DeleteUserCommand(withToken))).rejects.toThrow('not found');
    await send(new CreateUserCommand(ada));
    await expect(send(new DeleteUserCommand(withToken))).resolves.toBeDefined();
  });

  it('is forgotten with its collection', async () => {
    const { send } = await aCollection();
    await send(new CreateUserCommand(withToken));
    await send(new DeleteCollectionCommand({ CollectionId }));
    await send(new CreateCollectionCommand({ CollectionId }));
    await send(new CreateUserCommand(withToken));
    expect((await send(new ListUsersCommand({ CollectionId }))).Users).toHaveLength(1);
  });

  it('is forgotten after ten minutes, and not before', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { send } = await aCollection();
    await send(new CreateUserCommand(withToken));
    vi.advanceTimersByTime(10 * 60 * 1000 - 1);
    await expect(send(new CreateUserCommand(withToken))).resolves.toBeDefined();
    vi.advanceTimersByTime(1);
    await expect(send(new CreateUserCommand(withToken))).rejects.toThrow('already exists');
  });

  it('is remembered anew when its collection is', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { send } = await aCollection();
    await send(new CreateUserCommand(withToken));
    await send(new DeleteCollectionCommand({ CollectionId }));
    await send(new CreateCollectionCommand({ CollectionId }));
    vi.advanceTimersByTime(5 * 60 * 1000);
    await send(new CreateUserCommand(withToken));
    // The first use expires here, and the second does not.
    vi.advanceTimersByTime(6 * 60 * 1000);
    await send(new CreateUserCommand({ CollectionId, UserId: 'grace', ClientRequestToken: 'another' }));
    await expect(send(new CreateUserCommand(withToken))).resolves.toBeDefined();
  });

  it('leaves nothing in the store once it has expired', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const store = new MemoryStore();
    const { send } = await aCollection({ store });
    await send(new CreateUserCommand(withToken));
    vi.advanceTimersByTime(10 * 60 * 1000);
    await send(new DeleteUserCommand({ ...ada, ClientRequestToken: 'another' }));
    const keys = [...store.keys('token')];
    expect(keys).toHaveLength(2);
    for (const key of keys) expect(key).toContain('another');
  });

  it('answers two requests at once as if they had come one after the other', async () => {
    const { send } = await aCollection();
    await expect(
      Promise.all([send(new CreateUserCommand(withToken)), send(new CreateUserCommand(withToken))]),
    ).resolves.toHaveLength(2);
  });

  it('gets an answer that no change to an earlier one can reach', async () => {
    const { send, index } = await aCollection();
    const FaceIds = await index([{ person: 'ada' }]);
    await send(new CreateUserCommand(ada));
    const associate = () => send(new AssociateFacesCommand({ ...withToken, FaceIds }));
    const first = await associate();
    first.AssociatedFaces!.length = 0;
    const second = await associate();
    second.AssociatedFaces!.length = 0;
    expect((await associate()).AssociatedFaces).toHaveLength(1);
  });
});
