import { describe, expect, it } from 'vitest';
import { userVector } from '../../src/local/records/user-vector.js';

const numbers = (...values: number[]) => Float32Array.from(values);

describe('a user vector', () => {
  it('is the mean of the vectors of its faces, zeros and all', () => {
    expect(userVector('euclidean', [numbers(1, 2), numbers(3, 6)])).toEqual(numbers(2, 4));
    expect(userVector('euclidean', [numbers(0, 1, 1), numbers(4, 1, 1)])).toEqual(numbers(2, 1, 1));
    expect(userVector('euclidean', [numbers(0.1)])).toEqual(numbers(0.1));
  });

  it('has length 1 where only directions count', () => {
    expect(userVector('cosine', [numbers(1, 0), numbers(0, 1)])).toEqual(numbers(Math.SQRT1_2, Math.SQRT1_2));
    expect(userVector('cosine', [numbers(0, 1)])).toEqual(numbers(0, 1));
  });

  it('stays a vector where faces cancel each other out', () => {
    expect(userVector('cosine', [numbers(1, 0), numbers(-1, 0)])).toEqual(numbers(0, 0));
  });
});
