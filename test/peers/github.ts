import type { Description } from './described.ts';
import { publishedFile } from './published.ts';

/** GitHub's own description of its REST API, as it publishes it; `null` where no registry can be reached. */
export const PACKAGE = '@octokit/openapi@23.0.2';
export const INTEGRITY = 'pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==';
const published = publishedFile(PACKAGE, INTEGRITY, 'generated/api.github.com.json');
export const description = published === null ? null : (JSON.parse(published) as Description);
