import { isIP } from 'node:net';
import * as v from 'valibot';
import { parse, type Variables, webAddress } from './config.ts';

/** Where the robot of the merchant's group chat listens. The address is a secret: whoever has it speaks in that chat. */
export interface RobotConfig {
  readonly address: URL;
  /** Replaces the robot's host, for tests. */
  readonly origin?: string;
}

const HINT = 'must be the https address of a robot on a public host';

const RobotVariables = v.object({
  ALARM_WEBHOOK_URL: v.optional(v.pipe(v.string(), v.check(isPublicAddress, HINT))),
  ALARM_WEBHOOK_ORIGIN: v.optional(webAddress('must be an http or https address')),
});

/**
 * Where alarms are told; undefined in a shop that has no robot.
 * @throws CloudError CONFIGURATION_WRONG
 */
export function readRobotConfig(variables: Variables): RobotConfig | undefined {
  const { ALARM_WEBHOOK_URL: address, ALARM_WEBHOOK_ORIGIN: origin } = parse(RobotVariables, variables);
  if (address === undefined) return undefined;
  return { address: new URL(address), ...(origin !== undefined && { origin }) };
}

/**
 * An address that leads out of the functions' own network. https alone leaves little there to reach, since its certificate must
 * be valid for the name; names that can only be private are refused as well.
 */
export function isPublicAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (protocol !== 'https:' || username !== '' || password !== '') return false;
  const name = hostname.replace(/\.$/, '');
  return isIP(name.replace(/^\[|\]$/g, '')) === 0 && name.includes('.') && !PRIVATE_NAMES.test(name);
}

/** RFC 6761, RFC 8375, and the two that are common inside companies. */
const PRIVATE_NAMES = /\.(localhost|local|internal|intranet|lan|home\.arpa)$/;
