import { type HTTPPath, oc } from '@orpc/contract';
import type { Permission } from '../../../auth/roles.ts';

/** What an endpoint demands of who asks, and how its answer is kept. The gate reads nothing else. */
export interface Demands {
  /** `anyone`: also somebody who has not signed in. A test lists the endpoints of that kind by name. */
  readonly permission: Permission | 'anyone';
  /**
   * How an auditor's bounds take effect: `clipped`, the answer is made of what lies within them; `free`, nothing in it
   * depends on a period or a control; `refused`, whoever is bounded is not served.
   */
  readonly bounds: 'clipped' | 'free' | 'refused';
  /**
   * `kept`: a pure function of the log, the code, the question and the instant, so that it has an ETag and is made once
   * for all who ask; `fresh`: made for each; `stream`: not JSON, the route replies by itself.
   */
  readonly answer: 'kept' | 'fresh' | 'stream';
}

interface Described extends Demands {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api`: `/controls/{id}`. */
  readonly path: HTTPPath;
  /** One line, as the reference lists it. */
  readonly summary: string;
  /** What an integrator has to know beyond that. */
  readonly description?: string;
  /** The resource, as the reference groups it. */
  readonly tag: string;
  /** 200 unless said. */
  readonly status?: 200 | 201 | 202;
  /** Of an answer that the route replies by itself: its media types, and what it holds. */
  readonly gives?: { readonly types: readonly string[]; readonly says: string };
}

/** Begins the contract of one endpoint; `.input` and `.output` follow. Whoever leaves the permission out is not compiled, and not served. */
export const endpoint = ({ permission, bounds, answer, method, path, summary, description, tag, status = 200, gives }: Described) =>
  oc
    .$meta<Partial<Demands>>({})
    .meta({ permission, bounds, answer })
    .route({
      method,
      path,
      summary,
      tags: [tag],
      successStatus: status,
      ...(description === undefined ? {} : { description }),
      spec: (operation) => ({
        ...operation,
        'x-permission': permission,
        'x-answer': answer,
        ...(gives === undefined
          ? {}
          : {
              responses: {
                ...operation.responses,
                [status]: { description: gives.says, content: Object.fromEntries(gives.types.map((type) => [type, { schema: anyOf(type) }])) },
              },
            }),
      }),
    });

const anyOf = (type: string) => (type === 'application/json' ? {} : { type: 'string' as const });
