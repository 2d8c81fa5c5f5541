/**
 * Why a rendering was refused:
 * - `too_complex`: the text took too long, too much memory, too much nesting or made too much HTML. The writer's to mend.
 * - `renderer_failed`: the thread could not start or failed on a text that is none of the above. A fault of ours.
 * - `renderer_closed`: the server is stopping.
 * - `too_busy`: too many texts wait already. Worth another try.
 */
export type RenderErrorCode = 'too_complex' | 'renderer_failed' | 'renderer_closed' | 'too_busy'

export class RenderError extends Error {
  override readonly name = 'RenderError'
  readonly code: RenderErrorCode

  constructor(code: RenderErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
