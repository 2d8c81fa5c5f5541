import type { App } from '../../http/app.ts'
import { actorOf } from '../../http/auth.ts'
import { answerList } from '../../http/paging.ts'
import type { Store } from '../../storage/store.ts'
import { getSchedule } from './calendar.ts'
import { Schedule, ScheduleQuery } from './schema.ts'

export async function scheduleRoutes(app: App, { store, secret }: { store: Store; secret: Buffer }): Promise<void> {
  app.get(
    '/schedule',
    {
      schema: {
        operationId: 'getSchedule',
        summary: 'Read the schedule',
        description:
          'What will appear, change or end, and when; the soonest first. Writers see their own articles, editors all.',
        tags: ['schedule'],
        querystring: ScheduleQuery,
        response: { 200: Schedule },
      },
      config: { allow: 'drafts:read', problems: ['invalid_cursor'] },
    },
    (request, reply) =>
      answerList(request, reply, secret, (window) =>
        store.read((db) => getSchedule(db, request.query, window, actorOf(request))),
      ),
  )
}
