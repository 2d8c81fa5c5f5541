import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
// What knows `schema.hide`.
import type {} from '@fastify/swagger'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/**
 * The reference page at /docs: Swagger UI over /openapi.json, with every byte from this service.
 * All of it is read once, when the service starts, and is the same for everyone.
 */
export async function docs(app: FastifyInstance): Promise<void> {
  const assets = [
    // The page itself is asked for anew each time (304 as a rule), so that it never outlives the assets it names.
    asset('/docs', 'text/html; charset=utf-8', page, 'no-cache'),
    asset('/docs/page.js', 'text/javascript; charset=utf-8', start),
    asset('/docs/page.css', 'text/css; charset=utf-8', style),
    asset('/docs/swagger-ui-bundle.js', 'text/javascript; charset=utf-8', await vendored('swagger-ui-bundle.js')),
    asset('/docs/swagger-ui.css', 'text/css; charset=utf-8', await vendored('swagger-ui.css')),
  ]
  for (const { path, send } of assets) {
    app.get(path, { schema: { hide: true }, config: { allow: 'anyone' } }, send)
  }
}

/**
 * Only what the page was seen to need. Not among it: inline styles (Swagger UI sets its own through the DOM, which no
 * policy concerns), fonts (they are the reader's), and `eval`.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // The arrows and the copy sign in Swagger UI's style sheet, and the page's own icon, are data: URLs.
  'img-src data:',
  // The document, and every call that "Execute" makes.
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** A day: the files change only with a release, and a reader who misses one by a day misses nothing. */
const oneDay = 'public, max-age=86400'

function asset(path: string, type: string, body: string | Buffer, cacheControl = oneDay) {
  const bytes = Buffer.from(body)
  const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`
  const headers = {
    'content-type': type,
    'cache-control': cacheControl,
    etag,
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
  }
  async function send(request: FastifyRequest, reply: FastifyReply) {
    reply.headers(headers)
    // A proxy that compresses on the way makes the tag weak (W/"…"): it is still the same text.
    if (request.headers['if-none-match']?.includes(etag)) return reply.code(304).send()
    return reply.send(bytes)
  }
  return { path, send }
}

function vendored(file: string): Promise<Buffer> {
  return readFile(new URL(import.meta.resolve(`swagger-ui-dist/${file}`)))
}

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E" +
  "%3Cpath d='M1 2h14v2H1zm0 5h14v1H1zm0 3h14v1H1zm0 3h9v1H1z'/%3E%3C/svg%3E"

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Warta API</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/page.css">
</head>
<body>
<noscript>
<p>This page needs JavaScript. The document that it shows is <a href="/openapi.json">/openapi.json</a>.</p>
</noscript>
<main id="docs"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/page.js"></script>
</body>
</html>
`

const start = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'list',
  filter: true,
  displayOperationId: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: false,
  // A key stays in the open page: it is not written to the browser's storage.
  persistAuthorization: false,
  // Unset, the badge would send the address of this document to validator.swagger.io.
  validatorUrl: null,
})
`

const style = `:root {
  color-scheme: light;
  --ink: #1f1d1a; --quiet: #5f5a51; --paper: #fdfcf9; --tint: #f5f2ea; --rule: #d9d3c5; --accent: #8a1c1c;
  --serif: ui-serif, 'Iowan Old Style', Charter, 'Source Serif 4', Georgia, 'Times New Roman', serif;
  --sans: system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  --get: #1f4e79; --post: #2d6a3e; --put: #7a4a00; --patch: #6b3a72; --delete: #8a1c1c;
}
body { margin: 0; background: var(--paper) }
noscript p { max-width: 40em; margin: 3em auto; padding: 0 1em; font: 1.1rem/1.5 var(--serif) }
.swagger-ui,
.swagger-ui .opblock .opblock-summary-description,
.swagger-ui :is(p, label, h4, h5, th, td, button, select, input, li) {
  font-family: var(--sans); color: var(--ink)
}
.swagger-ui .wrapper { max-width: 1080px }

/* The masthead: the name over a double rule. */
.swagger-ui .info { margin: 2.5rem 0 0; padding-bottom: 1.25rem; border-bottom: 4px double var(--ink) }
.swagger-ui .info .title { font: 700 3.25rem/1.1 var(--serif); color: var(--ink); letter-spacing: -.01em }
.swagger-ui .info .title small,
.swagger-ui .info .title small.version-stamp {
  position: static; margin-left: .75rem; padding: 0; background: none; vertical-align: middle
}
.swagger-ui .info .title small pre { font: 400 .8rem var(--sans); color: var(--quiet); padding: 0 }
.swagger-ui .info .description { max-width: 46em; margin-top: .75rem }
.swagger-ui .info p, .swagger-ui .info li { font: 1rem/1.55 var(--serif); color: var(--ink) }
.swagger-ui .header .header-col,
.swagger-ui .headers td,
.swagger-ui .headers td p {
  font-weight: 400; font-size: .85rem
}
.swagger-ui .info a, .swagger-ui .markdown a, .swagger-ui .info .base-url { color: var(--accent) }
.swagger-ui .scheme-container { margin: 0; padding: 1rem 0 0; background: none; box-shadow: none }
.swagger-ui .filter.wrapper { margin: 1rem auto }
.swagger-ui .filter .operation-filter-input {
  margin: 0; border: 1px solid var(--rule); border-radius: 2px; font: 1rem var(--sans); background: #fff
}

/* One server is no choice, and no answer has links. */
.swagger-ui .scheme-container :has(> .servers option:only-child), .swagger-ui .response-col_links { display: none }

.swagger-ui .opblock-tag {
  padding: 1.25rem 0 .5rem; border-bottom: 1px solid var(--ink); font: 700 1.6rem/1.2 var(--serif);
  color: var(--ink)
}
.swagger-ui .opblock-tag:hover { background: none }
.swagger-ui .opblock-tag small { padding: 0 1rem; font: italic 1rem var(--serif); color: var(--quiet) }
.swagger-ui .opblock-tag small p { font: inherit; color: inherit }
.swagger-ui section.models { border: 0; margin: 2rem 0 3rem }
.swagger-ui section.models h4,
.swagger-ui section.models.is-open h4 {
  padding: .5rem 0; border-bottom: 1px solid var(--ink); font: 700 1.6rem/1.2 var(--serif); color: var(--ink)
}
.swagger-ui section.models h4 span { color: var(--ink) }

/* An operation is a line of a list; the method's colour is on its word, not on the whole line. */
.swagger-ui .opblock {
  --method: var(--quiet); margin: 0; border: 0; border-bottom: 1px solid var(--rule); border-radius: 0;
  box-shadow: none
}
.swagger-ui .opblock.opblock-get { --method: var(--get) }
.swagger-ui .opblock.opblock-post { --method: var(--post) }
.swagger-ui .opblock.opblock-put { --method: var(--put) }
.swagger-ui .opblock.opblock-patch { --method: var(--patch) }
.swagger-ui .opblock.opblock-delete { --method: var(--delete) }
.swagger-ui .opblock[class] { background: none; border-color: var(--rule); opacity: 1 }
.swagger-ui .opblock[class].is-open {
  margin-bottom: 1.5rem; background: #fff; border: 1px solid var(--rule); border-top: 0
}
.swagger-ui .opblock[class] .opblock-summary { padding: .35rem .25rem; border-color: var(--rule) }
.swagger-ui .opblock[class] .opblock-summary:hover { background: var(--tint) }
.swagger-ui .opblock[class] .opblock-summary-method {
  min-width: 5rem; padding: .3rem 0; border-radius: 2px; background: none; color: var(--method); text-align: left;
  font: 700 .8rem var(--sans); letter-spacing: .06em; text-shadow: none
}
.swagger-ui .opblock[class].is-open .opblock-summary { padding-left: 1.25rem }
.swagger-ui .opblock .opblock-summary-path,
.swagger-ui .opblock .opblock-summary-path__deprecated {
  font-size: .95rem; font-weight: 600; color: var(--ink)
}
.swagger-ui .opblock .opblock-summary-operation-id { font-size: .8rem; font-weight: 400; color: var(--quiet) }
.swagger-ui .opblock .opblock-section-header { background: var(--tint); box-shadow: none }
.swagger-ui .opblock .opblock-section-header h4,
.swagger-ui .opblock .tab-header .tab-item.active h4 span {
  font-family: var(--serif); font-size: 1.05rem; color: var(--ink)
}
.swagger-ui .opblock[class] .tab-header .tab-item.active h4 span::after { background: var(--ink); height: 2px }
.swagger-ui .opblock-description-wrapper p, .swagger-ui .renderedMarkdown p { font-size: .95rem; line-height: 1.5 }
.swagger-ui .markdown code,
.swagger-ui .renderedMarkdown code {
  background: var(--tint); color: var(--ink); font-weight: 400
}
.swagger-ui .parameter__name,
.swagger-ui table thead tr td,
.swagger-ui table thead tr th,
.swagger-ui .response-col_status {
  color: var(--ink)
}
.swagger-ui .parameter__name { font: 600 .9rem ui-monospace, Menlo, Consolas, monospace }
.swagger-ui .parameter__type,
.swagger-ui .parameter__in,
.swagger-ui .prop-format {
  font-weight: 400; color: var(--quiet)
}
.swagger-ui .parameter__name.required::after, .swagger-ui .parameter__name.required span { color: var(--accent) }
.swagger-ui .microlight,
.swagger-ui .highlight-code > .microlight {
  background: #26241f !important; border-radius: 2px; font-weight: 400 !important
}

.swagger-ui .btn {
  border-width: 1px; border-radius: 2px; box-shadow: none; font-family: var(--sans); color: var(--ink);
  border-color: var(--ink)
}
.swagger-ui .btn.authorize { color: var(--ink); border-color: var(--ink) }
.swagger-ui .btn.authorize svg { color: var(--ink) }
.swagger-ui .btn.execute { background: var(--ink); border-color: var(--ink); color: #fff }
.swagger-ui .btn.cancel { color: var(--accent); border-color: var(--accent) }
.swagger-ui select,
.swagger-ui .response-control-media-type--accept-controller select {
  border: 1px solid var(--quiet); border-radius: 2px; box-shadow: none; font-weight: 400; background-color: #fff
}
.swagger-ui .response-control-media-type__accept-message { color: var(--quiet) }
/* A phone has no room for the operation's id beside its path. */
@media (max-width: 640px) {
  .swagger-ui .opblock .opblock-summary-operation-id { display: none }
  .swagger-ui .filter .operation-filter-input { max-width: none }
}

.swagger-ui .dialog-ux .modal-ux { border-radius: 2px }
.swagger-ui .dialog-ux .modal-ux-header h3,
.swagger-ui .dialog-ux .modal-ux-content h4 {
  font-family: var(--serif); color: var(--ink)
}
`
