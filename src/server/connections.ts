import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { FrontRefusal } from './front-refusal.js';

/**
 * Answers a request, when it is its turn.
 *
 * @param signal aborts when the connection is gone
 * @param isLast whether the connection ends with this answer
 */
export type Answer = (signal: AbortSignal, isLast: () => boolean) => Promise<void>;

/** How long a request may take to arrive once the server is told to end. Its sender may well have stopped. */
const ARRIVAL_MS = 2_000;

/** The connections of a server. None can keep the others waiting, or the server from ending. */
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
    // What comes after the end was announced is not begun; its connection ends with what was.
    if (!this.#isEnding)
      this.#open.get(request.socket)?.take({ request, response, answer }, this.#unreadTimeout);
  }

  /** A connection from which nothing more can be read: tells it why, after what it asked before is answered. */
  breakOff(socket: Duplex, reason: NodeJS.ErrnoException, tell: () => void): void {
    this.#open.get(socket)?.breakOff(reason, tell);
  }

  /**
   * Ends those that wait for nothing at once, others when they are answered, and all after so many milliseconds.
   *
   * @returns what ends the waiting, when there is nothing left to wait for
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
 * One request at a time: the next one is begun when the answer to the last has been read, and when others have had
 * their turn. Nothing more is read until then, so that neither requests nor answers pile up.
 */
class Connection {
  readonly #socket: Socket;
  readonly #isEnding: () => boolean;
  /** The first is being answered. */
  readonly #turns: Turn[] = [];
  #answering: AbortController | undefined;
  /** What to say at the end, when nothing more can be read. */
  #lastWords: (() => void) | undefined;

  constructor(socket: Socket, isEnding: () => boolean) {
    this.#socket = socket;
    this.#isEnding = isEnding;
    // Node reads on whenever somebody wants more of a body.
    socket.on('resume', () => this.#isBehind && socket.pause());
    socket.once('close', () => {
      this.#turns.length = 0;
      this.#answering?.abort(new FrontRefusal('RequestAbortedException', 'The client hung up.'));
    });
  }

  get isIdle(): boolean {
    return this.#turns.length === 0;
  }

  /** Whether the request that is to be answered is not there yet. Those behind it cannot be either. */
  get isArriving(): boolean {
    return this.#turns[0]?.request.complete === false;
  }

  get #isBehind(): boolean {
    return this.#turns.length > 1 || this.#lastWords !== undefined;
  }

  take(turn: Turn, unreadTimeout: number): void {
    this.#turns.push(turn);
    if (this.#turns.length === 1) void this.#answerAll(unreadTimeout);
    else this.#socket.pause();
  }

  breakOff(reason: NodeJS.ErrnoException, tell: () => void): void {
    // It is for us that nothing arrives: nobody is reading.
    if (reason.code === 'ERR_HTTP_REQUEST_TIMEOUT' && this.#isBehind) return;
    // Only the last can be incomplete, and it will never be whole.
    if (this.#turns.at(-1)?.request.complete === false) this.#turns.pop();
    if (this.isIdle) {
      tell();
    } else {
      this.#lastWords ??= tell;
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
    if (this.#lastWords) this.#lastWords();
    else if (this.#isEnding()) this.close();
    else this.#socket.resume();
  }
}
