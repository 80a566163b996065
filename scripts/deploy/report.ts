import type { Bundle } from './bundle.ts';
import { leftByHand } from './by-hand.ts';
import { isDefaultDomain } from './check/check-notify-url.ts';
import { type Finding, renderFindings } from './check/finding.ts';
import type { Route } from './cloud/state.ts';
import type { Row } from './compare/row.ts';
import { renderRows, renderTable } from './compare/table.ts';
import type { WantedState } from './compare/wanted.ts';
import { onOneLine, type Print } from './print.ts';

export function renderSizes(bundles: readonly Bundle[]): string {
  const lines = bundles.map(({ name, zip }) => [name, `${(zip.length / 1024).toFixed(1)} KB`]);
  return renderTable(['function', 'zip'], lines);
}

/** What would be changed, before it is. */
export function renderPlan(environmentId: string, rows: readonly Row[]): string {
  const differing = rows.filter(
    ({ step }, index) =>
      step && !(step.kind === 'create function' && rows.slice(0, index).some((row) => row.step === step)),
  );
  const title = `\nEnvironment ${environmentId}:`;
  const notes = notesOf(rows);
  if (differing.length === 0) return [`${title} nothing to change.`, ...notes].join('\n');
  const lines = differing.map(({ subject, aspect, wanted, found, step }) => [
    `${subject} ${aspect}`,
    found,
    wanted,
    step?.kind ?? '',
  ]);
  return [title, renderTable(['what', 'found', 'wanted', 'step'], lines), ...notes].join('\n');
}

const notesOf = (rows: readonly Row[]): readonly string[] =>
  rows.flatMap(({ note }) => (note ? [`note      ${note}`] : []));

/** Prints what was read back and what is left to do. True when nothing differs. */
export function report(
  {
    rows,
    wanted: { notifyUrl, routes },
    warnings,
    usesVirtualPay,
    usesWeChatPay,
    planned,
  }: {
    readonly rows: readonly Row[];
    readonly wanted: Pick<WantedState, 'notifyUrl' | 'routes'>;
    readonly warnings: readonly Finding[];
    readonly usesVirtualPay: boolean;
    readonly usesWeChatPay: boolean;
    /** What was shown before; its notes are not repeated. */
    readonly planned: readonly Row[];
  },
  print: Print,
): boolean {
  const differences = rows.filter(({ step }) => step).length;
  print(`\n${renderRows(rows)}`);
  print(
    differences === 0
      ? `\nAll ${rows.length} found as wanted.`
      : `\n${differences} of ${rows.length} not as wanted. See below; if nothing there is about it, run this again.`,
  );
  const known = new Set(notesOf(planned));
  for (const note of notesOf(rows)) if (!known.has(note)) print(note);
  if (notifyUrl) print(`\nNotify URL: ${notifyUrl}`);
  if (notifyUrl && isDefaultDomain(new URL(notifyUrl).hostname)) {
    print('warning   a default domain is for development only: rate limited, and not for real customers');
  }
  if (warnings.length > 0) print(renderFindings(warnings));
  const elsewhere = elsewhereOf(routes, notifyUrl);
  if (elsewhere) print(`warning   ${onOneLine(elsewhere)}`);
  print(
    `\nLeft to do by hand:\n${leftByHand(rows, { notifyUrl, usesVirtualPay, usesWeChatPay })
      .map((line) => `- ${onOneLine(line)}`)
      .join('\n')}`,
  );
  return differences === 0;
}

/** A notify URL that stayed from another environment is answered there, and everything here looks as it should. */
function elsewhereOf(routes: readonly Route[], notifyUrl: string | undefined): string | undefined {
  const host = notifyUrl && new URL(notifyUrl).hostname;
  if (!host || routes.length === 0 || routes.some(({ domain }) => domain === host)) return undefined;
  const domains = routes.map(({ domain }) => domain).join(', ');
  return `${host} is no domain of this environment, whose route is on ${domains}: unless it leads there, notices go elsewhere`;
}
