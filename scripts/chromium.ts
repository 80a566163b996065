import { existsSync } from 'node:fs';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where this machine has Chromium; undefined where none is found. */
export const CHROMIUM_PATH: string | undefined = [process.env.CHROMIUM_PATH, ...CANDIDATES].find(
  (path) => path && existsSync(path),
);

export const CHROMIUM_FLAGS: readonly string[] = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

export const CHROMIUM_ADVICE =
  'Install it (Debian: apt-get install -y chromium fonts-noto-cjk) or set CHROMIUM_PATH.';
