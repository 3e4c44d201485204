// Runs the snippets of the documentation, each page in a folder of its own that is named as the page:
//
//     tsx test/docs/run-snippets.ts SNIPPETS FOLDER
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LocalRekognition } from 'rekollect/local';
import { aStory } from './story.js';

const [snippets, folder] = process.argv.slice(2);
const client = new LocalRekognition();
for (const page of await readdir(snippets!)) {
  process.chdir(join(folder!, page));
  Object.assign(globalThis, await aStory(client));
  for (const file of (await readdir(join(snippets!, page))).sort()) {
    if (file.includes('.not-run.')) continue;
    process.stdout.write(`running ${page} ${file}\n`);
    Object.assign(globalThis, await import(pathToFileURL(join(snippets!, page, file)).href));
  }
}
// What a snippet has opened it need not close.
process.exit();
