import { html } from 'hono/html';
import type { AnyContractRouter } from '@orpc/contract';
import type { Html } from '../html.ts';
import { type Endpoint, endpointsOf } from './methods.ts';
import { PROBLEMS, type ProblemName, typeOf } from './problem.ts';

/** What the API has, for people. The whole of it, field by field, is in the OpenAPI document. */
export function referencePage(contract: AnyContractRouter): Html {
  const tags = Map.groupBy(endpointsOf(contract), ({ tag }) => tag);
  return page(
    'API',
    html`<h1>${endpointsOf(contract).length} endpoints, each with its permission.</h1>
<p>Field by field: <a class="link" href="/api/openapi.json">OpenAPI 3.1</a>. Send a token as <code>Authorization: Bearer TOKEN</code>. Instants are ISO 8601 in UTC, a period is <code>FROM..TO</code>, half-open. Lists go on by <code>?cursor=</code> with what <code>next</code> gave. Answers about evidence carry an <code>ETag</code>, and in <code>Tickmark-Rests-On</code> which log, code and catalogue they were made by. A refusal is <code>application/problem+json</code>.</p>
${[...tags].map(
  ([tag, endpoints]) =>
    html`<section class="panel"><div class="sec"><h2>${tag}</h2></div><div class="scroll"><table><thead><tr><th scope="col">Endpoint</th><th scope="col">What it does</th><th scope="col">Permission</th></tr></thead><tbody>${endpoints.map(row)}</tbody></table></div></section>`,
)}
<section class="panel"><div class="sec"><h2>Refusals</h2></div><div class="scroll"><table><thead><tr><th scope="col">Type</th><th scope="col">Status</th><th scope="col">What to do</th></tr></thead><tbody>${Object.entries(
      PROBLEMS,
    ).map(
      ([name, { status, title, todo }]) =>
        html`<tr><td class="mono"><a class="link" href="${typeOf(name as ProblemName)}">${typeOf(name as ProblemName)}</a></td><td>${status}</td><td>${title}. ${todo}</td></tr>`,
    )}</tbody></table></div></section>`,
  );
}

const row = ({ method, path, summary, description, permission, name }: Endpoint): Html =>
  html`<tr id="${name}"><td class="mono nowrap">${method} /api${path}</td><td>${summary}${description === '' ? '' : html`<span class="sub2">${description}</span>`}</td><td class="mono">${permission ?? 'nobody'}</td></tr>`;

export const problemExplained = (name: ProblemName): Html =>
  page(
    PROBLEMS[name].title,
    html`<h1>${PROBLEMS[name].title}.</h1><p>Status ${PROBLEMS[name].status}. ${PROBLEMS[name].todo}</p><p><a class="link" href="/api">All of the API</a></p>`,
  );

const page = (title: string, main: Html): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Tickmark</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/tickmark.css">
</head>
<body>
<main id="main">
${main}
</main>
</body>
</html>`;
