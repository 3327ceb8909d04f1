import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeText, said, systemId, text } from '../fields.ts';

export const Course = z.object({
  systemId,
  courseId: text('Id of the course, as completions name it'),
  title: text('Title'),
  kind: z
    .enum(['security-awareness', 'role-based', 'privacy', 'incident', 'other', 'unknown'])
    .describe('Programme it belongs to, by declaration: unknown where nobody says, never by its title'),
  topics: list('What it teaches, by declaration: phishing, social-engineering, password-hygiene, data-handling'),
  audience: list('Departments it is meant for; empty means everyone'),
  active: said('It is in use'),
  version: maybeText('Version of its content'),
});
export type Course = z.infer<typeof Course>;

export const courses = defineDataset<Course>({
  id: 'training.courses',
  title: 'One course of the training programme, with what it teaches and whom',
  row: Course,
  key: ({ courseId }) => courseId,
  label: ({ title }) => title,
  freshness: days(11),
});
