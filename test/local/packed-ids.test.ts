import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexOfId, packIds, unpackIds } from '../../src/local/search/packed-ids.js';

describe('packed ids', () => {
  it('are the same again, and 16 bytes each where all are UUIDs', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.uuid(), fc.uuid(), fc.string())), (ids) => {
        expect(unpackIds(packIds(ids))).toEqual(ids);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.uuid(), { minLength: 1 }), (ids) => {
        expect(packIds(ids)).toHaveLength(16 * ids.length);
      }),
    );
  });

  it('are found where they are, and not where the end of one and the beginning of the next look like them', () => {
    // Of few different bytes, so that this is frequent.
    const anId = fc
      .array(fc.constantFrom('00', '11'), { minLength: 16, maxLength: 16 })
      .map((bytes) => bytes.join('').replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5'));
    const both = [
      '00000000-0000-0000-0000-000000000011',
      '11000000-0000-0000-0000-000000000000',
      '00000000-0000-0000-0011-110000000000',
    ];
    expect(indexOfId(packIds(both.slice(0, 2)), '00000000-0000-0000-0000-000000111100')).toBe(-1);
    expect(indexOfId(packIds(both), both[2]!)).toBe(2);
    fc.assert(
      fc.property(fc.array(anId, { maxLength: 30 }), anId, (ids, wanted) => {
        for (const id of [...ids, wanted, 'ada']) expect(indexOfId(packIds(ids), id)).toBe(ids.indexOf(id));
      }),
    );
  });

  it('stay as they are written: only ids in lower case are taken for UUIDs, and the one of zeros never', () => {
    for (const id of ['AAAAAAAA-0000-4000-8000-000000000000', '00000000-0000-0000-0000-000000000000'])
      expect(unpackIds(packIds([id]))).toEqual([id]);
  });
});
