import type { Hono } from 'hono';
import { bundleFile } from './page.ts';
import type { ConsoleParts } from './parts.ts';
import { recordingOf, recordingText } from './recording.ts';
import type { Switches } from './switches.ts';

/** GET /api/recording?order=: one HTML file that shows what there is now, and needs no server. */
export function addRecording(app: Hono, parts: ConsoleParts, switches: Switches): void {
  let file: ReturnType<typeof bundleFile> | undefined;
  app.get('/api/recording', async (c) => {
    file ??= bundleFile();
    const recording = recordingOf(parts, { switches, order: c.req.query('order') });
    return c.body((await file)(recordingText(recording, parts.secrets)), 200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Disposition': `attachment; filename="${nameOf(recording.state.now)}"`,
    });
  });
}

/** recording-2026-11-28-0004.html, by China's clocks, as the page shows them. */
function nameOf(now: string): string {
  const china = new Date(Date.parse(now) + 8 * 3_600_000).toISOString();
  return `recording-${china.slice(0, 10)}-${china.slice(11, 16).replace(':', '')}.html`;
}
