import { readFile } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import { MODELS, type ModelName } from './models.js';
import { loadRuntime, type Runtime, type RuntimeName } from './runtime.js';
import { readWeights } from './weights.js';

/** What a net answers, by the names of its outputs: numbers in row-major order. */
export type NetOutputs = Readonly<Record<string, Float32Array>>;

/**
 * The nets of one thread, each loaded when it is first run and kept as long as the thread lives.
 *
 * ONNX Runtime computes on the thread that calls it, so a `Nets` belongs on a worker thread.
 */
export class Nets {
  readonly #runtimeName: RuntimeName | undefined;
  readonly #threads: number;
  readonly #sessions = new Map<string, Promise<InferenceSession>>();
  #runtime: Promise<Runtime> | undefined;

  /**
   * @param runtime the native build when left out, or the WebAssembly one where the native one cannot be loaded
   * @param threads that work on one picture together; the WebAssembly build always has one
   */
  constructor(runtime?: RuntimeName, threads = 1) {
    this.#runtimeName = runtime;
    this.#threads = threads;
  }

  /**
   * What a net makes of pictures; the comments of the nets give the names and shapes of their outputs.
   *
   * @param pixels `batch` pictures of height x width x 3 bytes, RGB, one after the other
   * @throws MissingPackageError when the runtime or the package with the weights is not installed
   */
  async run(
    name: ModelName,
    pixels: Uint8Array,
    batch = 1,
    size: readonly [number, number] = MODELS[name].input,
  ): Promise<NetOutputs> {
    const { package: from, file, build } = MODELS[name];
    const load = async () => build(await readWeights(from, file));
    const [runtime, session] = await Promise.all([this.#loadRuntime(), this.#session(name, load)]);
    const tensor = new runtime.Tensor('uint8', pixels, [batch, ...size, 3]);
    const outputs = await session.run({ pixels: tensor });
    return Object.fromEntries(
      Object.entries(outputs).map(([output, value]) => [output, value.data as Float32Array]),
    );
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
    const session = await runtime.InferenceSession.create(model, {
      executionProviders: [runtime.executionProvider],
      intraOpNumThreads: this.#threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // The arena keeps what a run once needed: 93 MB more a thread, and no faster.
      enableCpuMemArena: false,
      // One block for all that a run needs would be handed back after it, and its pages cleared again for the next: a
      // quarter of the detector's time.
      enableMemPattern: false,
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    });
    // The session has copies of all that it needs.
    if (model.buffer.resizable) model.buffer.resize(0);
    return session;
  }
}
