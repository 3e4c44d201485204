import { describe, expect, it } from 'vitest';
import { ProtobufMessage } from '../../src/local/vision/runtime/protobuf.js';

/* The first three are the examples of the format's own description (protobuf.dev/programming-guides/encoding). */
describe('ProtobufMessage', () => {
  it('writes an integer in groups of seven bits', () => {
    expect([...new ProtobufMessage().integer(1, 150).toBytes()]).toEqual([0x08, 0x96, 0x01]);
  });

  it('writes a string with its length', () => {
    expect([...new ProtobufMessage().string(2, 'testing').toBytes()]).toEqual([
      0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
    ]);
  });

  it('writes a message inside another', () => {
    const inner = new ProtobufMessage().integer(1, 150);
    expect([...new ProtobufMessage().message(3, inner).toBytes()]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
  });

  it('writes a negative integer in ten bytes', () => {
    const minusOne = [...new Array(9).fill(0xff), 0x01];
    expect([...new ProtobufMessage().integer(1, -1).toBytes()]).toEqual([0x08, ...minusOne]);
  });

  it('writes a float as four bytes, the lowest first', () => {
    expect([...new ProtobufMessage().float(2, 1.5).toBytes()]).toEqual([0x15, 0x00, 0x00, 0xc0, 0x3f]);
  });

  it('takes two bytes for the key of a field above 15', () => {
    expect([...new ProtobufMessage().integer(20, 7).toBytes()]).toEqual([0xa0, 0x01, 0x07]);
  });
});
