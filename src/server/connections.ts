import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { FrameworkException } from './framework-exception.js';

/**
 * Answers a request, when it is its turn.
 *
 * @param signal aborts when the connection is gone
 * @param isLast whether the connection ends with this answer
 */
export type Answer = (signal: AbortSignal, isLast: () => boolean) => Promise<void>;

/** Milliseconds for a request to arrive once the server is closing: its sender may have stopped. */
const ARRIVAL_MS = 2_000;

/** The connections of a server. None can keep the others waiting, or the server from closing. */
export class Connections {
  readonly #open = new Map<Duplex, Connection>();
  readonly #unreadTimeout: number;
  #isEnding = false;

  /** @param unreadTimeout milliseconds that a client may take to read an answer */
  constructor(server: Server, unreadTimeout: number) {
    this.#unreadTimeout = unreadTimeout;
    server.on('connection', (socket) => {
      this.#open.set(socket, new Connection(socket, () => this.#isEnding));
      socket.once('close', () => this.#open.delete(socket));
    });
  }

  /** Answers a request after those that its connection brought before it. */
  take(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
    // While the server closes, new requests are dropped, and their connection ends after those before them.
    if (!this.#isEnding)
      this.#open.get(request.socket)?.take({ request, response, answer }, this.#unreadTimeout);
  }

  /** Refuses what a connection sent that cannot be read, and ends it, once the requests before are answered. */
  refuse(socket: Duplex, error: NodeJS.ErrnoException, sendRefusal: () => void): void {
    this.#open.get(socket)?.refuse(error, sendRefusal);
  }

  /**
   * Ends idle connections at once, others when they are answered, and all after so many milliseconds.
   *
   * @returns stops the clocks, for when all have ended
   */
  end(limit: number): () => void {
    this.#isEnding = true;
    const closeAll = (which: (connection: Connection) => boolean) => {
      for (const connection of this.#open.values()) if (which(connection)) connection.close();
    };
    closeAll(({ isIdle }) => isIdle);
    const arrival = setTimeout(
      closeAll,
      Math.min(ARRIVAL_MS, limit),
      ({ isArriving }: Connection) => isArriving,
    );
    const last = setTimeout(closeAll, limit, () => true);
    return () => {
      clearTimeout(arrival);
      clearTimeout(last);
    };
  }
}

interface Turn {
  request: IncomingMessage;
  response: ServerResponse;
  answer: Answer;
}

/**
 * Answers one request at a time: the next one when the answer to the last has been read, and other connections have
 * had a turn. Nothing more is read until then, so that neither requests nor answers pile up.
 */
class Connection {
  readonly #socket: Socket;
  readonly #isEnding: () => boolean;
  /** The first is being answered. */
  readonly #turns: Turn[] = [];
  #answering: AbortController | undefined;
  /** Sent after the answers, when what came next cannot be read. */
  #sendRefusal: (() => void) | undefined;

  constructor(socket: Socket, isEnding: () => boolean) {
    this.#socket = socket;
    this.#isEnding = isEnding;
    // Node resumes the socket whenever a body is read.
    socket.on('resume', () => this.#isBehind && socket.pause());
    socket.once('close', () => {
      this.#turns.length = 0;
      this.#answering?.abort(new FrameworkException('RequestAbortedException', 'The client hung up.'));
    });
  }

  get isIdle(): boolean {
    return this.#turns.length === 0;
  }

  /** Whether the request that is to be answered has not arrived as a whole. Those behind it cannot have either. */
  get isArriving(): boolean {
    return this.#turns[0]?.request.complete === false;
  }

  get #isBehind(): boolean {
    return this.#turns.length > 1 || this.#sendRefusal !== undefined;
  }

  take(turn: Turn, unreadTimeout: number): void {
    this.#turns.push(turn);
    if (this.#turns.length === 1) void this.#answerAll(unreadTimeout);
    else this.#socket.pause();
  }

  refuse(error: NodeJS.ErrnoException, sendRefusal: () => void): void {
    // Nothing arrives in time because the socket is paused.
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && this.#isBehind) return;
    // Only the last can be incomplete, and it will never be whole.
    if (this.#turns.at(-1)?.request.complete === false) this.#turns.pop();
    if (this.isIdle) {
      sendRefusal();
    } else {
      this.#sendRefusal ??= sendRefusal;
      this.#socket.pause();
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  async #answerAll(unreadTimeout: number): Promise<void> {
    for (let turn = this.#turns[0]; turn; turn = this.#turns[0]) {
      this.#answering = new AbortController();
      const done = new Promise((resolve) => turn.response.once('close', resolve));
      await turn.answer(this.#answering.signal, () => this.#isEnding() && this.#turns.length === 1);
      const unread = setTimeout(() => this.close(), unreadTimeout);
      await done;
      clearTimeout(unread);
      this.#answering = undefined;
      await setImmediate();
      if (this.#turns[0] === turn) this.#turns.shift();
    }
    if (this.#sendRefusal) this.#sendRefusal();
    else if (this.#isEnding()) this.close();
    else this.#socket.resume();
  }
}
