import { existsSync } from 'node:fs';

/** The first is Chromium without what only somebody who looks needs: windows, bars, menus. */
const CANDIDATES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Where this machine has Chromium; undefined where none is found. */
export const CHROMIUM_PATH: string | undefined = [process.env.CHROMIUM_PATH, ...CANDIDATES].find(
  (path) => path && existsSync(path),
);

export const CHROMIUM_FLAGS: readonly string[] = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

export const CHROMIUM_ADVICE =
  'Install it (Debian: apt-get install -y chromium-headless-shell fonts-noto-cjk) or set CHROMIUM_PATH.';
