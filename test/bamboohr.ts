import type { Wire, WireRequest } from '../src/sources/wire.ts';

export type StatusRow = readonly [employee: string, date: string, status: string];
export interface Company {
  readonly employees: Readonly<Record<string, object>>;
  readonly history: readonly StatusRow[];
  readonly deleted?: readonly string[];
}

export const employee = (id: string, over: object = {}) => ({
  id,
  employeeNumber: `N-${id}`,
  displayName: `Person ${id}`,
  firstName: 'Person',
  lastName: id,
  workEmail: `Person.${id}@acme.example`,
  jobTitle: 'Engineer',
  department: 'Engineering',
  location: 'Lisbon',
  supervisorEId: null,
  status: 'Active',
  employmentHistoryStatus: 'Full-Time',
  hireDate: '2025-01-15',
  originalHireDate: '0000-00-00',
  terminationDate: '0000-00-00',
  ...over,
});

/** BambooHR in the shapes of its published description. */
export const bamboo =
  ({ employees, history, deleted = [] }: Company, asked: WireRequest[] = []): Wire =>
  async (request) => {
    asked.push(request);
    const { pathname, searchParams } = new URL(request.url);
    const id = /^\/api\/v1\/employees\/(\w+)$/.exec(pathname)?.[1] ?? '';
    const fields = new Set(searchParams.get('fields')?.split(','));
    const changed = (its: readonly string[], action: string) => its.map((key) => [key, { id: key, action, lastChanged: '2026-01-01T00:00:00+00:00' }]);
    const table = history.map(([employeeId, date, employmentStatus], place) => ({ id: String(place + 1), employeeId, date, employmentStatus, comment: '' }));
    const body =
      id === 'changed'
        ? {
            latest: '2026-01-01T00:00:00+00:00',
            employees: Object.fromEntries([...changed(Object.keys(employees), 'Updated'), ...changed(deleted, 'Deleted')]),
          }
        : pathname === '/api/v1/employees/all/tables/employmentStatus'
          ? table
          : employees[id] && Object.fromEntries(Object.entries(employees[id]).filter(([field]) => field === 'id' || fields.has(field)));
    const answer = (status: number, text: string) => ({ status, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(text) });
    return body === undefined ? answer(404, '{"message":"no such employee"}') : answer(200, JSON.stringify(body));
  };
