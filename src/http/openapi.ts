import swagger from '@fastify/swagger'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { stringify } from 'yaml'
import { finish, type Media, type OpenApiDocument } from './document.ts'

/** The contract's own version (SemVer); it follows what is served, not the program. */
const version = '1.0.0'

const description = `A headless CMS for newsrooms: articles, sections, tags and sources.

Without a key you read what is public. Writers, editors and admins send \`Authorization: Bearer KEY\`.

- **Working copy and live copy.** Editors change the working copy (\`stage=working\`); the public reads the live one. Publishing puts the first in the place of the second, at once or at an instant.
- **Nothing is lost.** Every save is a revision; the log of changes says who did what.
- **Nobody overwrites silently.** What changes a thing needs \`If-Match\` with the ETag or the version that was read: 428 without, 412 when somebody was faster.
- **Nothing twice.** With an \`Idempotency-Key\` a POST has its effect once: sent again as it was, within 24 hours and by the same key, it is answered as the first time, with \`Idempotency-Replayed: true\`.
- **Errors** are RFC 9457 problems with a \`code\` from a closed list, and every fault at once with its place.
- **Unknown** parameters and members are refused, never ignored.
- **Instants** are RFC 3339 in UTC; times to come are decided when they are read.`

const tags = [
  { name: 'articles', description: 'Drafts, live copies and what leads from one to the other.' },
  { name: 'revisions', description: 'What was saved, by whom; compared and restored.' },
  { name: 'schedule', description: 'What will appear, change or end, and when.' },
  { name: 'sections', description: 'The tree of the paper.' },
  { name: 'tags', description: 'What articles are about.' },
  { name: 'sources', description: 'On whose reporting articles rest.' },
  { name: 'changes', description: 'Who did what, and when.' },
  { name: 'keys', description: 'Who may do what.' },
  { name: 'operations', description: 'For those who run it.' },
]

/** Collects the routes into the OpenAPI document; registered before them. */
export async function describe(app: FastifyInstance): Promise<void> {
  const routes = new Map<string, RouteOptions>()
  app.addHook('onRoute', (route) => {
    const path = route.url.replace(/:(\w+)/g, '{$1}')
    for (const method of [route.method].flat()) routes.set(`${method.toLowerCase()} ${path}`, route)
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Warta', version, description, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/', description: 'This server' }],
      tags,
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key: `warta_` and 36 letters and digits.' },
        },
      },
    },
    // A zod literal stays a const, as JSON Schema 2020-12 has it.
    convertConstToEnum: false,
    transform: toJsonSchema as never,
    transformObject: (input) => finish(jsonSchemaTransformObject(input as never) as never, routes) as never,
  })
}

/** The document as JSON and as YAML, the same bytes at each start of one version. */
export async function documentRoutes(app: FastifyInstance): Promise<void> {
  const hidden = { config: { allow: 'anyone' }, schema: { hide: true } } as const
  let json: string | undefined
  let yaml: string | undefined
  app.get('/openapi.json', hidden, async (_request, reply) => {
    json ??= JSON.stringify(documentOf(app))
    return reply.type('application/json').send(json)
  })
  app.get('/openapi.yaml', hidden, async (_request, reply) => {
    yaml ??= stringify(documentOf(app), { aliasDuplicateObjects: false })
    return reply.type('application/yaml').send(yaml)
  })
}

export function documentOf(app: FastifyInstance): OpenApiDocument {
  return app.swagger() as unknown as OpenApiDocument
}

type Transform = typeof jsonSchemaTransform
type TransformInput = Parameters<Transform>[0]

/** The provider's transform, for bodies of several media types too. */
function toJsonSchema(input: TransformInput): ReturnType<Transform> {
  const content = (input.schema?.body as { content?: Record<string, Media> } | undefined)?.content
  if (content === undefined) return jsonSchemaTransform(input)
  const { body: _, ...schema } = input.schema
  const transformed = jsonSchemaTransform({ ...input, schema })
  const media = Object.entries(content).map(([type, { schema: body }]) => {
    const one = jsonSchemaTransform({ ...input, schema: { ...schema, body } } as TransformInput)
    return [type, { schema: one.schema.body }]
  })
  return { ...transformed, schema: { ...transformed.schema, body: { content: Object.fromEntries(media) } } }
}
