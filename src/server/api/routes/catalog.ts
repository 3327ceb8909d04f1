import { implementing } from '../asking.ts';
import { catalog as contract } from '../contract/catalog.ts';

const endpoints = implementing(contract);

export const catalogRoutes = endpoints.router({
  read: endpoints.read.handler(({ context: { services } }) => services.workspace.catalog()),
});
