import { parseArgs } from 'node:util';
import { DeployError } from './errors.ts';

export interface Options {
  readonly environmentId: string | undefined;
  readonly only: string | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** Whether functions of others that bear names of ours are replaced. */
  readonly takeOver: boolean;
}

export const DEPLOY_HELP = `Usage: npm run deploy -- [options]

Makes the cloud environment what scripts/manifest.ts and .env say, reads it back and compares.
Safe to run again. Deletes nothing but settings: one that stands in the functions and not in .env
is taken away, and a warning names it before you are asked.

  --env ID      the environment, instead of CLOUDBASE_ENV_ID in .env
  --only NAME   one collection or function (and what belongs to it), or "invoke rules"
  --take-over   replace functions of your own that bear names of ours
  --dry-run     print what would be changed, change nothing
  --yes         do not ask before changing
  --help        this text

Exit code: 0 when everything was found as wanted, 1 otherwise.`;

/** @param names what `--only` may say. Gives undefined when help was asked for. */
export function readOptions(args: readonly string[], names: readonly string[]): Options | undefined {
  const values = parse(args, {
    env: { type: 'string' },
    only: { type: 'string' },
    'take-over': { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    yes: { type: 'boolean', short: 'y' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help) return undefined;
  if (values.only !== undefined && !names.includes(values.only)) {
    throw new DeployError('OPTION_UNKNOWN', `There is no ${values.only} in the manifest`, {
      wayOut: `--only takes one of: ${names.join(', ')}`,
    });
  }
  return {
    environmentId: values.env,
    only: values.only,
    dryRun: values['dry-run'] ?? false,
    yes: values.yes ?? false,
    takeOver: values['take-over'] ?? false,
  };
}

/** Refuses what it does not know: a mistyped --dry-run must not deploy. */
export function parse<const T extends NonNullable<Parameters<typeof parseArgs>[0]>['options']>(
  args: readonly string[],
  options: T,
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    throw new DeployError('OPTION_UNKNOWN', cause instanceof Error ? cause.message : String(cause), {
      wayOut: 'See the options with: -- --help',
      cause,
    });
  }
}
