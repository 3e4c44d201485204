import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, bufferOf, hasSimd, kernelOn } from '../../src/local/search/kernel.js';
import { plainKernel } from '../../src/local/search/plain-kernel.js';
import { assembleKernel } from '../../tools/assemble-kernel.js';

const ROWS = 8;
const MOST_LENGTH = 64;
/** Where each table begins in the memory that both kernels look at. */
const AT = { query: 0, codes: 1024, scales: 2048, norms: 2560, bounds: 4096 };

describe('the search kernel', () => {
  it('is what its source assembles to', async () => {
    const bytes = readFileSync(new URL('../../src/local/search/kernel-bytes.ts', import.meta.url), 'utf8');
    expect(bytes).toBe(await assembleKernel());
  });

  it.skipIf(!hasSimd)('computes the same in WebAssembly and in JavaScript, to the last bit', () => {
    const memory = allocate(65_536, true);
    const buffer = bufferOf(memory);
    const kernels = [kernelOn(memory), plainKernel(buffer)];
    const list = <Item>(item: fc.Arbitrary<Item>, length: number) =>
      fc.array(item, { minLength: length, maxLength: length });
    const aScale = fc.float({ min: 0, max: Math.fround(1e30), noNaN: true });
    const aBlock = fc.record({
      length: fc.constantFrom(16, 32, 48, 64),
      count: fc.constantFrom(4, 8),
      query: list(fc.integer({ min: -32_767, max: 32_767 }), MOST_LENGTH),
      codes: list(fc.integer({ min: -127, max: 127 }), ROWS * MOST_LENGTH),
      scales: list(fc.oneof({ weight: 4, arbitrary: aScale }, fc.constant(Number.NaN)), ROWS),
      norms: list(fc.nat(127 ** 2 * MOST_LENGTH), ROWS),
      queryScale: fc.double({ min: 0, max: 1e30, noNaN: true }),
      queryNorm: fc.double({ min: 0, max: 1e80, noNaN: true }),
      queryError: fc.double({ min: 0, max: 1e30, noNaN: true }),
      errorPerScale: fc.double({ min: 0, max: 10, noNaN: true }),
    });
    fc.assert(
      fc.property(aBlock, ({ length, count, query, codes, scales, norms, ...block }) => {
        new Int16Array(buffer, AT.query).set(query);
        new Int8Array(buffer, AT.codes).set(codes);
        new Float32Array(buffer, AT.scales).set(scales);
        new Int32Array(buffer, AT.norms).set(norms);
        const bounds = new Float64Array(buffer, AT.bounds, ROWS);
        const answers = kernels.map(({ scan }) => {
          bounds.fill(-1);
          const least = scan(
            AT.codes,
            AT.scales,
            AT.norms,
            count,
            length,
            AT.query,
            block.queryScale,
            block.queryNorm,
            block.queryError,
            block.errorPerScale,
            AT.bounds,
          );
          return { least, bounds: Array.from(bounds) };
        });
        expect(answers[0]).toEqual(answers[1]);
        const numbers = answers[0]!.bounds.slice(0, count).filter((bound) => !Number.isNaN(bound));
        expect(answers[0]!.least).toBe(Math.min(...numbers));
      }),
      { numRuns: 500 },
    );
  });

  it.skipIf(!hasSimd)('rounds vectors to the same bytes in both, to the nearest', () => {
    const memory = allocate(65_536, true);
    const buffer = bufferOf(memory);
    const kernels = [kernelOn(memory), plainKernel(buffer)];
    const aNumber = fc.oneof(fc.float({ min: -1, max: 1 }), fc.float());
    const aVector = fc.array(aNumber, { minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(fc.array(aVector, { minLength: 1, maxLength: 3 }), (vectors) => {
        const answers = kernels.map(({ quantize }) => {
          new Int8Array(buffer).fill(1);
          new Float32Array(buffer, 0).set(vectors.flat());
          quantize(0, 1024, 2048, 2560, vectors.length, 32);
          return vectors.map((_, row) => ({
            scale: new Float32Array(buffer, 2048)[row]!,
            codes: new Int8Array(buffer, 1024 + 32 * row, 32).slice(),
            norm: new Int32Array(buffer, 2560)[row],
          }));
        });
        for (const [row, vector] of vectors.entries()) {
          const { scale, codes, norm } = answers[0]![row]!;
          for (const answer of answers)
            expect(Number.isNaN(answer[row]!.scale)).toBe(!vector.every(Number.isFinite));
          if (Number.isNaN(scale)) continue;
          expect(answers[0]![row]).toEqual(answers[1]![row]);
          expect(norm).toBe(codes.reduce((sum, code) => sum + code ** 2, 0));
          const errors = vector.map((number, i) => Math.abs(number - scale * codes[i]!));
          expect(Math.max(...errors)).toBeLessThanOrEqual(Math.max(scale * 0.5001, 2 ** -118));
        }
      }),
      { numRuns: 500 },
    );
  });
});
