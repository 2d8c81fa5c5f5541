import { parentPort } from 'node:worker_threads'
import { RenderError, type RenderErrorCode } from './error.ts'
import { type Rendering, renderMarkdown } from './render.ts'

/** What the thread posts: once `ready`, then one answer to each list of bodies. */
export type Answer =
  | { kind: 'ready' }
  | { kind: 'rendered'; renderings: Rendering[] }
  // An Error would lose its class and code on the way between threads.
  | { kind: 'refused'; code: RenderErrorCode; message: string }

const post = (answer: Answer) => parentPort?.postMessage(answer)

parentPort?.on('message', (bodies: string[]) => {
  try {
    post({ kind: 'rendered', renderings: bodies.map(renderMarkdown) })
  } catch (error) {
    post(refusal(error))
  }
})

post({ kind: 'ready' })

function refusal(error: unknown): Answer {
  if (error instanceof RenderError) return { kind: 'refused', code: error.code, message: error.message }
  // The stack or the longest string was not enough: a text's doing, although none is known that does it.
  if (error instanceof RangeError) return { kind: 'refused', code: 'too_complex', message: error.message }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { kind: 'refused', code: 'renderer_failed', message }
}
