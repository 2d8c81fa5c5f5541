import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { testApp } from '../support/app.ts'
import { until } from '../support/cli.ts'
import { makeSection } from '../support/factories.ts'
import { listen } from '../support/wire.ts'

/** The places where a Chromium is usually found. */
const chromiumPath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => path && existsSync(path))

const skip = chromiumPath ? false : 'no Chromium found: set CHROMIUM_PATH to one'

async function startApp(t: Test) {
  const service = await testApp(t)
  await makeSection(service, { name: 'Global' })
  await listen(service)
  return service
}

t.test('what is served', async (t) => {
  const { app } = await startApp(t)

  const types = {
    '/docs': 'text/html; charset=utf-8',
    '/docs/page.css': 'text/css; charset=utf-8',
    '/docs/page.js': 'text/javascript; charset=utf-8',
    '/docs/swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
    '/docs/swagger-ui.css': 'text/css; charset=utf-8',
  }
  for (const [url, type] of Object.entries(types)) {
    const { statusCode, headers } = await app.inject(url)
    t.equal(statusCode, 200, url)
    t.equal(headers['content-type'], type)
    t.equal(headers['x-content-type-options'], 'nosniff')
    t.match(headers['content-security-policy'], /^default-src 'none'; script-src 'self'; style-src 'self'; /)
    t.equal(headers['cache-control'], url === '/docs' ? 'no-cache' : 'public, max-age=86400')

    const again = await app.inject({ url, headers: { 'if-none-match': `"other", W/${headers.etag}` } })
    t.equal(again.statusCode, 304, `${url} again`)
    t.equal(again.body, '')
    t.equal(again.headers.etag, headers.etag)
  }

  t.match((await app.inject('/docs')).body, /<noscript>[\s\S]*<a href="\/openapi.json">[\s\S]*<\/noscript>/)
  for (const url of ['/docs/package.json', '/docs/../package.json', '/docs/%2e%2e/package.json']) {
    t.equal((await app.inject(url)).statusCode, 404, url)
  }
})

/** Notes what must not happen on the page: a request to another host, an error, something that the policy refused. */
async function openDocs(browser: Browser, origin: string): Promise<{ page: Page; faults: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
  const faults: string[] = []
  page.on('request', (request) => {
    const { protocol, origin: target } = new URL(request.url())
    if (protocol !== 'data:' && protocol !== 'blob:' && target !== origin) faults.push(`request to ${request.url()}`)
  })
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  await page.exposeFunction('noteViolation', (text: string) => faults.push(`refused: ${text}`))
  await page.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => noteViolation(event.effectiveDirective + ' ' + event.blockedURI))",
  )
  await page.goto(`${origin}/docs`)
  return { page, faults }
}

t.test('in a browser', { skip }, async (t) => {
  const { app, keys } = await startApp(t)
  const origin = app.listeningOrigin
  const browser = await chromium.launch({
    executablePath: chromiumPath ?? '',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
    ],
  })
  t.teardown(() => browser.close())

  await t.test('an operation is read, authorized and executed, with nothing from another host', async (t) => {
    const { page, faults } = await openDocs(browser, origin)

    const operation = page.locator('#operations-sections-listSections')
    await operation.locator('.opblock-summary-control').click()
    await operation.getByText('"slug": "global"').first().waitFor()
    await operation.getByRole('tab', { name: 'Schema' }).first().click()
    await operation.locator('.json-schema-2020-12').first().waitFor()

    await page.locator('.auth-wrapper .authorize').first().click()
    const dialog = page.locator('.dialog-ux')
    await dialog.locator('input').fill(keys.editor)
    await dialog.getByRole('button', { name: 'Apply credentials' }).click()
    await dialog.getByRole('button', { name: 'Close' }).first().click()

    await operation.getByRole('button', { name: 'Try it out' }).click()
    const [request] = await Promise.all([
      page.waitForRequest((request) => request.url().startsWith(`${origin}/v1/sections`)),
      operation.getByRole('button', { name: 'Execute', exact: true }).click(),
    ])
    t.equal(request.headers().authorization, `Bearer ${keys.editor}`)
    await operation.locator('.live-responses-table').getByText('"slug": "global"').waitFor()

    const creation = page.locator('#operations-sections-createSection')
    await creation.locator('.opblock-summary-control').click()
    await creation.getByRole('button', { name: 'Try it out' }).click()
    await creation.locator('textarea').waitFor()
    await page.locator('section.models .models-control').click()
    await page.locator('section.models').getByText('Section', { exact: true }).first().waitFor()

    t.equal(await page.evaluate('localStorage.length + sessionStorage.length + document.cookie.length'), 0)
    t.strictSame(faults, [])
    await page.close()
  })

  await t.test('the page lives on a narrow screen', async (t) => {
    const { page } = await openDocs(browser, origin)
    await page.setViewportSize({ width: 390, height: 800 })
    await page.locator('#operations-sections-listSections .opblock-summary-control').click()
    await page.locator('#operations-sections-listSections').getByText('"slug": "global"').first().waitFor()
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), 390)
    await page.close()
  })

  await t.test('without JavaScript it points to the document', async (t) => {
    const page = await browser.newPage({ javaScriptEnabled: false })
    await page.goto(`${origin}/docs`)
    t.equal(await page.getByRole('link', { name: '/openapi.json' }).isVisible(), true)
    await page.close()
  })

  await t.test('the watch on the page notices what it watches for', async (t) => {
    const { page, faults } = await openDocs(browser, origin)
    await page.locator('.opblock').first().waitFor()
    await page.evaluate(
      `document.body.innerHTML += '<p style="color: red">red</p><img src="https://other.example/a.png">'`,
    )
    await page.waitForFunction("document.querySelector('img')")
    // The events arrive after the change that caused them, in a message of their own.
    await until(() => ['style-src', 'img-src'].every((what) => faults.join().includes(`refused: ${what}`)))
    t.match(faults.join('\n'), /refused: style-src-attr inline/)
    t.match(faults.join('\n'), /refused: img-src https:\/\/other\.example/)
    await page.close()
  })
})
