// How do I read images from elsewhere?   npx tsx examples/https-source.ts https://…/photo.jpg
// With an image source of your own: a name, and a `read` that gives the bytes.
import { FaceCollection, type ImageSource } from 'rekollect';
import { LocalRekognition } from 'rekollect/local';

const fromHttps = (url: string): ImageSource => ({
  name: url,
  async read({ signal } = {}) {
    const response = await fetch(url, { signal: signal ?? null });
    if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  },
});

const [url] = process.argv.slice(2);
if (!url) throw new Error('Which image? Run: npx tsx examples/https-source.ts https://…/photo.jpg');

const client = new LocalRekognition();
const faces = await new FaceCollection('visitors', { client }).detectFaces(fromHttps(url), {
  attributes: ['ALL'],
});
for (const { ageRange, gender } of faces) console.log(gender?.value, ageRange);
await client.close();
