import { readFile } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import type { RgbImage } from '../../../images/decode.js';
import { MODELS, type Model, type ModelName } from './models.js';
import { loadRuntime, type Runtime, type RuntimeName } from './runtime.js';
import { modelFile, readWeights } from './weights.js';

/** What a net answers, by the names of its outputs: numbers in row-major order. */
export type NetOutputs = Readonly<Record<string, Float32Array>>;

/**
 * The nets of one thread, each loaded when it is first run and kept as long as the thread lives.
 *
 * ONNX Runtime computes on the thread that calls it, so a `Nets` belongs on a worker thread.
 */
export class Nets {
  readonly #runtimeName: RuntimeName | undefined;
  readonly #sessions = new Map<string, Promise<InferenceSession>>();
  #runtime: Promise<Runtime> | undefined;

  /**
   * @param runtime the native build when left out, or the WebAssembly one where the native one cannot be loaded
   */
  constructor(runtime?: RuntimeName) {
    this.#runtimeName = runtime;
  }

  /**
   * What a net makes of one picture of any size; the comments of the nets give the names and shapes of their outputs.
   *
   * @param image red, green and blue of each pixel, row by row
   * @throws MissingPackageError when the runtime or the package with the weights is not installed
   */
  run(name: ModelName, { data, width, height }: RgbImage): Promise<NetOutputs> {
    return this.#run(name, data, [1, height, width, 3]);
  }

  /**
   * What a net makes of each of some patches. One after the other: together they take no less time, and more memory.
   *
   * @param patches of the size of its input: height x width x 3 bytes, RGB
   * @returns the outputs of each, in their order
   * @throws MissingPackageError when the runtime or the package with the weights is not installed
   */
  async runEach(name: ModelName, patches: readonly Uint8Array[]): Promise<NetOutputs[]> {
    const results: NetOutputs[] = [];
    for (const patch of patches) results.push(await this.#run(name, patch, [1, ...MODELS[name].input, 3]));
    return results;
  }

  /**
   * What a net in an ONNX file makes of one picture: its first output.
   *
   * @param floats of `shape`, for its only input
   */
  async runFile(file: string, floats: Float32Array, shape: readonly number[]): Promise<Float32Array> {
    const load = () => readFile(file);
    const [runtime, session] = await Promise.all([this.#loadRuntime(), this.#session(`file ${file}`, load)]);
    const tensor = new runtime.Tensor('float32', floats, shape);
    const outputs = await session.run({ [session.inputNames[0]!]: tensor });
    return outputs[session.outputNames[0]!]!.data as Float32Array;
  }

  async #run(name: ModelName, pixels: Uint8Array, shape: readonly number[]): Promise<NetOutputs> {
    const load = () => readModel(MODELS[name]);
    const [runtime, session] = await Promise.all([this.#loadRuntime(), this.#session(name, load)]);
    const outputs = await session.run({ pixels: new runtime.Tensor('uint8', pixels, shape) });
    return mapValues(outputs, ({ data }) => data as Float32Array);
  }

  #session(name: string, load: () => Promise<Uint8Array<ArrayBuffer>>): Promise<InferenceSession> {
    let session = this.#sessions.get(name);
    if (!session) {
      session = this.#createSession(load);
      this.#sessions.set(name, session);
      // A net that could not be loaded is tried again when it is next run.
      session.catch(() => this.#sessions.delete(name));
    }
    return session;
  }

  #loadRuntime(): Promise<Runtime> {
    this.#runtime ??= loadRuntime(this.#runtimeName).catch((error) => {
      // It may be there the next time.
      this.#runtime = undefined;
      throw error;
    });
    return this.#runtime;
  }

  async #createSession(load: () => Promise<Uint8Array<ArrayBuffer>>): Promise<InferenceSession> {
    const [runtime, model] = await Promise.all([this.#loadRuntime(), load()]);
    return runtime.InferenceSession.create(model, {
      executionProviders: [runtime.executionProvider],
      // Small nets are done before a second thread has woken up; photos side by side use the other cores.
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // The arena keeps what a run once needed, some megabytes for nets as small as these. Without it a photo touches
      // thousands of pages anew, at a third of its time where a page is dear, as on virtual machines.
      enableCpuMemArena: true,
      // One block for all that a run needs would be planned anew for each size of input.
      enableMemPattern: false,
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    });
  }
}

/** A model's ONNX file, written first where only its weights are kept. */
async function readModel({ package: from, file, build }: Model): Promise<Uint8Array<ArrayBuffer>> {
  return build ? build(await readWeights(from, file)) : readFile(modelFile(from, file));
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
