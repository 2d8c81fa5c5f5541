import { z } from 'zod'
import { type ProblemCode, problems, raise } from '../errors.ts'
import type { App } from './app.ts'
import { ProblemKind, statusOf } from './problems.ts'

const ProblemKinds = z.object({ data: z.array(ProblemKind) }).meta({ id: 'ProblemKindList' })

/** What the `type` of a problem leads to. */
export async function problemRoutes(app: App): Promise<void> {
  const tags = ['operations']

  app.get(
    '/problems',
    {
      schema: {
        operationId: 'listProblems',
        summary: 'List all problem codes',
        description: 'The closed list on which clients can branch.',
        tags,
        response: { 200: ProblemKinds },
      },
      config: { allow: 'anyone' },
    },
    async () => ({ data: (Object.keys(problems) as ProblemCode[]).map(kindOf) }),
  )

  app.get(
    '/problems/:code',
    {
      schema: {
        operationId: 'getProblem',
        summary: 'Read what a problem code means',
        description: 'What the `type` of a problem leads to.',
        tags,
        params: z.strictObject({ code: z.string().max(100).meta({ description: 'The `code` of a problem.' }) }),
        response: { 200: ProblemKind },
      },
      config: { allow: 'anyone', problems: ['problem_not_found'] },
    },
    async ({ params: { code } }) => {
      if (!Object.hasOwn(problems, code)) raise('problem_not_found', { detail: 'GET /problems lists those there are.' })
      return kindOf(code as ProblemCode)
    },
  )
}

function kindOf(code: ProblemCode) {
  return { code, status: statusOf(code), title: problems[code].title }
}
