/* A server from source over a collection of 4,000 declared faces; sends its parent the URL. */
import { CreateCollectionCommand, IndexFacesCommand } from '@aws-sdk/client-rekognition';
import { LocalRekognition } from '../../src/local/index.js';
import { serve } from '../../src/server/index.js';
import { declaredFaces } from '../../src/testing/index.js';

const CollectionId = 'team';
const vision = declaredFaces();
const client = new LocalRekognition({ vision });
await client.send(new CreateCollectionCommand({ CollectionId }));
for (let photo = 0; photo < 40; photo++) {
  const people = Array.from({ length: 100 }, (_, i) => ({ person: `${photo}-${i}` }));
  await client.send(new IndexFacesCommand({ CollectionId, Image: { Bytes: await vision.photo(people) } }));
}
process.send!((await serve({ client, port: 0 })).url);
