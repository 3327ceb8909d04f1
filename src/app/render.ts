import { csvPieces } from '../reports/csv.ts';
import { htmlPieces, STYLE } from '../reports/html.ts';
import { markdownPieces } from '../reports/markdown.ts';
import type { Document } from '../reports/report.ts';

const RENDERERS = { md: markdownPieces, html: htmlPieces, csv: csvPieces } as const;

export type Format = keyof typeof RENDERERS;
export type { Document };

/** A report piece by piece: a table of it is never whole. Rows that are made when they are read have to be read before anything else is learned. */
export const reportPieces = (document: Document, format: Format): Iterable<string> => RENDERERS[format](document);

export const renderReport = (document: Document, format: Format): string => [...reportPieces(document, format)].join('');

/** The style sheet that a report in HTML carries. */
export const REPORT_STYLE = STYLE;
