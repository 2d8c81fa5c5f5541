import { z } from 'zod'
import { Slug } from '../../lib/schema.ts'
import { ArticleParams } from '../lists/schema.ts'

export const ArticleSlug = z.object({
  slug: z.string(),
  current: z.boolean().meta({ description: 'Whether a copy of the article has it now, or will have it as scheduled.' }),
  public: z.boolean().meta({ description: 'Whether readers know it.' }),
})
export type ArticleSlug = z.infer<typeof ArticleSlug>

export const ArticleSlugs = z.object({ data: z.array(ArticleSlug) }).meta({
  id: 'ArticleSlugs',
  description: 'Every slug that leads to an article, in the order of the alphabet.',
  examples: [
    {
      data: [
        { slug: 'putin-receives-wang-yi', current: false, public: true },
        { slug: 'putin-receives-wang-yi-in-moscow', current: true, public: true },
      ],
    },
  ],
})

export const SlugParams = ArticleParams.extend({
  slug: Slug.meta({ description: 'One of those that `GET …/slugs` lists.' }),
})
