import { renderCsv } from '../reports/csv.ts';
import { renderHtml } from '../reports/html.ts';
import { renderMarkdown } from '../reports/markdown.ts';
import type { Document } from '../reports/report.ts';

const RENDERERS = { md: renderMarkdown, html: renderHtml, csv: renderCsv } as const;

export const renderReport = (document: Document, format: keyof typeof RENDERERS): string => RENDERERS[format](document);

export type { Document };
