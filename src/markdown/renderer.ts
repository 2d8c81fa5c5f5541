import { Worker } from 'node:worker_threads'
import { RenderError } from './error.ts'
import type { Rendering } from './render.ts'
import type { Answer } from './worker.ts'

export { RenderError }

export interface Renderer {
  /**
   * All the bodies' renderings, in their order, or none. Rejects with RenderError: `too_complex` when the work takes longer
   * than `timeoutMs`, more memory than the thread has, or passes a limit of `renderMarkdown`.
   */
  render(bodies: readonly string[]): Promise<Rendering[]>
  /** Ends the thread. Calls in work or waiting are rejected with `renderer_closed`, and so are later ones. */
  close(): Promise<void>
}

interface Call {
  bodies: readonly string[]
  resolve: (renderings: Rendering[]) => void
  reject: (error: Error) => void
}

// A mebibyte of ordinary Markdown needs 64 MB, and so does the worst 100 KB that we know (table rows of one letter); this is
// four times that. What needs more, such as a mebibyte of `- a` lines, ends its thread instead of the process. The young
// generation comes on top. The stack is Node's own default: nothing here recurses as deep as a text nests.
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 }

/** Longer than nearly every story; the worst text of this size takes a fifth of a second. */
const QUICK_CHARACTERS = 32 * 1024

// Enough for a newsroom that saves at once and an import beside it. What waits behind this many heavy texts waits too long.
const MOST_WAITING = { quick: 1_000, heavy: 64 }

/**
 * Renders in two lanes, each with a thread of its own: whoever saves a story never waits for somebody's mebibyte. Full
 * lanes refuse with `too_busy`.
 */
export function createRenderer({ timeoutMs }: { timeoutMs: number }): Renderer {
  const quick = createLane(timeoutMs, MOST_WAITING.quick)
  const heavy = createLane(timeoutMs, MOST_WAITING.heavy)
  return {
    render(bodies) {
      const characters = bodies.reduce((sum, body) => sum + body.length, 0)
      return (characters <= QUICK_CHARACTERS ? quick : heavy).render(bodies)
    },
    async close() {
      await Promise.all([quick.close(), heavy.close()])
    },
  }
}

/**
 * Renders off the event loop in one worker thread, so that no text, however hostile, keeps a reader waiting. Calls are
 * worked on one after another; one that is killed delays its neighbours but never fails them, and the time limit counts
 * the work of a call, not its waiting nor the thread's start.
 *
 * The thread starts at first use and holds the process open only while a caller is waiting.
 *
 * Measured on two cores of a small server, the thread warm: 1 ms for an article of 2 KB, 25 ms for 100 KB of prose with
 * links, 0.4 s for a mebibyte, 0.6 s for the worst 100 KB known (a wide table of short rows). The thread's start costs
 * 0.1 s, once.
 */
function createLane(timeoutMs: number, mostWaiting: number): Renderer {
  const waiting: Call[] = []
  let current: Call | undefined
  let thread: Thread | undefined
  let closed = false

  function next() {
    if (current || closed) return
    current = waiting.shift()
    if (current === undefined) return
    try {
      thread ??= startThread()
    } catch (cause) {
      // The system has no thread to give.
      settle((call) => call.reject(new RenderError('renderer_failed', 'the rendering thread did not start', { cause })))
      return
    }
    thread.work(current.bodies)
  }

  /** `failed` threads are gone or to be ended; the next call gets a new one. */
  function startThread(): Thread {
    return createThread(timeoutMs, {
      done: (renderings) => settle((call) => call.resolve(renderings)),
      refused: (error) => settle((call) => call.reject(error)),
      failed: (error) => {
        thread = undefined
        settle((call) => call.reject(error))
      },
    })
  }

  function settle(how: (call: Call) => void) {
    const call = current
    current = undefined
    if (call) how(call)
    next()
  }

  return {
    render(bodies) {
      if (closed) return Promise.reject(closedError())
      if (waiting.length >= mostWaiting) return Promise.reject(busyError())
      return new Promise((resolve, reject) => {
        waiting.push({ bodies, resolve, reject })
        next()
      })
    },
    async close() {
      closed = true
      for (const call of [current, ...waiting.splice(0)]) call?.reject(closedError())
      current = undefined
      await thread?.end()
    },
  }
}

interface Thread {
  work(bodies: readonly string[]): void
  end(): Promise<void>
}

interface Listener {
  done(renderings: Rendering[]): void
  refused(error: RenderError): void
  /** The thread died or was killed, and says nothing more. */
  failed(error: RenderError): void
}

function createThread(timeoutMs: number, listener: Listener): Thread {
  // No flags and no environment of the process: what reads hostile text has no business with its secrets.
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    resourceLimits: RESOURCE_LIMITS,
    execArgv: [],
    env: {},
  })
  let ready = false
  let working = false
  let dead = false
  let timer: NodeJS.Timeout | undefined
  let grace: NodeJS.Immediate | undefined
  worker.unref()

  function startTimer() {
    // The answer may already lie in the queue behind this timer when the event loop itself was late; one turn lets it in.
    timer = setTimeout(() => {
      grace = setImmediate(expire)
    }, timeoutMs)
  }

  function expire() {
    die(new RenderError('too_complex', `the text took longer than ${timeoutMs} ms to render`))
    void worker.terminate()
  }

  function rest() {
    clearTimeout(timer)
    clearImmediate(grace)
    working = false
    worker.unref()
  }

  function die(error: RenderError) {
    if (dead) return
    dead = true
    rest()
    listener.failed(error)
  }

  worker.on('message', (answer: Answer) => {
    if (dead) return
    if (answer.kind === 'ready') {
      ready = true
      if (working) startTimer()
      return
    }
    rest()
    if (answer.kind === 'rendered') listener.done(answer.renderings)
    else listener.refused(new RenderError(answer.code, answer.message))
  })
  worker.on('error', (error) => die(crashError(error)))
  worker.on('exit', (code) => die(new RenderError('renderer_failed', `the rendering thread ended with code ${code}`)))

  return {
    work(bodies) {
      working = true
      // A caller waits, perhaps a command with nothing else to do: the process must not end before the answer.
      worker.ref()
      worker.postMessage(bodies)
      if (ready) startTimer()
    },
    async end() {
      dead = true
      rest()
      await worker.terminate()
    },
  }
}

function crashError(cause: unknown): RenderError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new RenderError('too_complex', 'the text took more memory than rendering may use', { cause })
  }
  return new RenderError('renderer_failed', 'the rendering thread crashed', { cause })
}

function busyError(): RenderError {
  return new RenderError('too_busy', 'too many texts are waiting to be rendered')
}

function closedError(): RenderError {
  return new RenderError('renderer_closed', 'the renderer is closed')
}
