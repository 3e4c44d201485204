import {
  castNode,
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

  const constant = (name: string, value: number) => ({
    name,
    dims: [],
    data_type: ELEMENT_TYPES.float32,
    raw_data: new Uint8Array(Float32Array.of(value).buffer),
  });
  graph.initializer.push(constant('mean', MEAN), constant('divisor', DIVISOR));
  graph.node.unshift(
    castNode('pixels', 'floats', ELEMENT_TYPES.float32),
    {
      op_type: 'Transpose',
      input: ['floats'],
      output: ['planes'],
      attribute: [{ name: 'perm', ints: [0, 3, 1, 2], type: 7 }],
    },
    { op_type: 'Sub', input: ['planes', 'mean'], output: ['centered'] },
    { op_type: 'Div', input: ['centered', 'divisor'], output: ['normalized'] },
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
