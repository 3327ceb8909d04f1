import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Chromium is; nothing where there is none. */
export const program = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** As the tests drive it. */
export const launched = (): Promise<Browser> => chromium.launch({ ...(program === undefined ? {} : { executablePath: program }), args: QUIET });
