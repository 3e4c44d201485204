import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readPixels } from '../../src/images/decode.js';
import { fromBuffer } from '../../src/images/from-buffer.js';
import {
  blurredSvg,
  gifOfFrames,
  interlacedPng,
  jpegOfScans,
  pngOfTexts,
  pngWithMorePixels,
  tiffOfJpeg,
} from '../support/bombs.js';

const read = (bytes: Uint8Array, options: { signal?: AbortSignal; limitInputPixels?: number } = {}) =>
  readPixels(fromBuffer(bytes, { name: 'bomb' }), options);

/** Processes that decode for this one. */
const decoding = () =>
  execFileSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
    .split('\n')
    .filter((args) => args.includes('/decode-process.js'));

describe('an image that is made to cost', () => {
  it('is a JPEG of more scans than any photo has', async () => {
    await expect(read(jpegOfScans(5000, 1500))).rejects.toMatchObject({
      problem: 'TOO_COSTLY',
      message: 'bomb: it has 1500 scans, as no photo has. Save it anew.',
    });
    await expect(read(jpegOfScans(200, 101))).rejects.toMatchObject({ problem: 'TOO_COSTLY' });
    expect(await read(jpegOfScans(200, 100))).toMatchObject({ width: 200, height: 200 });
  });

  it('is a JPEG whose scans come after bytes that decoders skip', async () => {
    const jpeg = jpegOfScans(200, 101);
    const end = jpeg.length - 2;
    const skipped = Buffer.from([0xff, 0xff, 0xff, 0xd0, 0xff, 0x00]);
    const bomb = Buffer.concat([jpeg.subarray(0, end), skipped, jpeg.subarray(end)]);
    await expect(read(bomb)).rejects.toMatchObject({ problem: 'TOO_COSTLY' });
  });

  it('is one whose pixels take more bytes than as many of eight bits with transparency', async () => {
    const bomb = interlacedPng(200);
    await expect(read(bomb, { limitInputPixels: 79_999 })).rejects.toMatchObject({
      problem: 'TOO_MANY_PIXELS',
      message:
        'bomb: it has 320000 bytes when decoded, more than limitInputPixels (79999 of 4 bytes each). ' +
        'Shrink it, or raise the limit.',
    });
    expect(await read(bomb, { limitInputPixels: 80_000 })).toMatchObject({ width: 200 });
  });

  it('is a drawing, which is never rendered', async () => {
    await expect(read(blurredSvg(9999, 500))).rejects.toMatchObject({ problem: 'UNSUPPORTED_FORMAT' });
  });

  it('costs no more than what is decoded of it', async () => {
    const bombs = [pngOfTexts(100, 7.9), pngWithMorePixels(100), gifOfFrames(5000)];
    const before = process.cpuUsage();
    for (const bomb of bombs) expect(await read(bomb)).toMatchObject({ width: 100 });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(3);
  });

  it('is given up at once where another image hides in it, and leaves no process behind', async () => {
    const bomb = tiffOfJpeg(jpegOfScans(11_000, 1500), 11_000);
    const caller = new AbortController();
    const reading = read(bomb, { signal: caller.signal });
    await expect.poll(decoding, { timeout: 10_000 }).toHaveLength(1);
    caller.abort(new Error('Never mind.'));
    await expect(reading).rejects.toThrow('Never mind.');
    await expect.poll(decoding, { timeout: 10_000 }).toEqual([]);
  });
});
