import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { said, systemId, text } from '../fields.ts';

export const Coverage = z.object({
  systemId,
  repoId: text('Repository'),
  repo: text('Owner and name of the repository'),
  secretScanning: said('Its content and history are scanned for credentials'),
  pushProtection: said('A push that holds a credential is stopped'),
  dependencyAlerts: said('Its dependencies are compared with known advisories'),
  codeScanning: said('The host holds an analysis of its code'),
});
export type Coverage = z.infer<typeof Coverage>;

export const secretsCoverage = defineDataset<Coverage>({
  id: 'secrets.coverage',
  title: 'What one repository is scanned for: where nothing scans, no finding says nothing',
  row: Coverage,
  key: ({ repoId }) => repoId,
  label: ({ repo }) => `scanning of ${repo}`,
  freshness: hours(36),
});
