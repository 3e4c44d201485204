import { FaceCollection } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';
import { declaredFaces } from 'rekollect/testing';

/** An empty collection of declared faces, what its client was asked, and a hook that can change how it answers. */
export async function anObservedTeam() {
  const vision = declaredFaces();
  const engine = new LocalRekognition({ vision });
  const asked: string[] = [];
  /** Called before each operation; what it throws refuses the call. */
  const hooks = { before: async (_operation: string, _input: object): Promise<void> => {} };
  const send: LocalRekognition['send'] = async (command, options) => {
    const operation = command.constructor.name.replace(/Command$/, '');
    asked.push(operation);
    await hooks.before(operation, command.input);
    return engine.send(command, options);
  };
  const team = new FaceCollection('team', { client: { send } });
  await team.create();
  const collections = async () =>
    (await FaceCollection.list({ client: engine }).all()).map(({ collectionId }) => collectionId);
  return { team, vision, engine, asked, hooks, collections };
}
