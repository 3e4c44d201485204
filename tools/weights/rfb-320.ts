import {
  ELEMENT_TYPES,
  type OnnxNode,
  readModel,
  storeAsHalves,
  valueInfo,
  writeModel,
} from './onnx-model.js';

/** The value that the published model slices its boxes from: offsets from the anchors, all levels one after the other. */
const OFFSETS = '462';
const MEAN = 127;
const DIVISOR = 128;
const FIRST_OPSET_TO_DEQUANTIZE = 10;

/**
 * Ultra-Light-Fast-Generic-Face-Detector RFB-320 without the anchors that are written into the published model, which
 * tie it to pictures of 320 x 240.
 *
 * `pixels` [pictures, height, width, 3] uint8 RGB → `scores` [pictures, anchors, 2], of which the second is that of a
 * face, 0 to 1, and `offsets` [pictures, anchors, 4] of x, y, width and height from the anchors.
 */
export function convertRfb320(bytes: Uint8Array): Uint8Array {
  const model = readModel(bytes);
  const { graph } = model;
  graph.node = reaching(graph.node, ['scores', OFFSETS]);
  for (const node of graph.node) {
    node.output = node.output.map((name) => (name === OFFSETS ? 'offsets' : name));
    node.input = node.input.map((name) => (name === 'input' ? 'normalized' : name));
  }
  const used = new Set(graph.node.flatMap(({ input }) => input));
  graph.initializer = graph.initializer.filter(({ name }) => used.has(name));

  // Bytes become numbers last, which takes a third of the memory, and in one step.
  model.opset_import = [{ domain: '', version: FIRST_OPSET_TO_DEQUANTIZE }];
  const constant = (name: string, data_type: number, data: Float32Array | Uint8Array) => ({
    name,
    dims: [],
    data_type,
    raw_data: new Uint8Array(data.buffer),
  });
  graph.initializer.push(
    constant('scale', ELEMENT_TYPES.float32, Float32Array.of(1 / DIVISOR)),
    constant('mean', ELEMENT_TYPES.uint8, Uint8Array.of(MEAN)),
  );
  graph.node.unshift(
    {
      op_type: 'Transpose',
      input: ['pixels'],
      output: ['planes'],
      attribute: [{ name: 'perm', ints: [0, 3, 1, 2], type: 7 }],
    },
    { op_type: 'DequantizeLinear', input: ['planes', 'scale', 'mean'], output: ['normalized'] },
  );
  graph.input = [valueInfo('pixels', ELEMENT_TYPES.uint8, ['pictures', 'height', 'width', 3])];
  graph.output = [
    valueInfo('scores', ELEMENT_TYPES.float32, ['pictures', 'anchors', 2]),
    valueInfo('offsets', ELEMENT_TYPES.float32, ['pictures', 'anchors', 4]),
  ];
  storeAsHalves(model);
  return writeModel(model);
}

/** The nodes that some values are made by, in their order. */
function reaching(nodes: readonly OnnxNode[], values: readonly string[]): OnnxNode[] {
  const wanted = new Set(values);
  return nodes
    .toReversed()
    .filter(({ input, output }) => {
      if (!output.some((name) => wanted.has(name))) return false;
      for (const name of input) wanted.add(name);
      return true;
    })
    .reverse();
}
