import { type Finding, problem, unless, warning } from './finding.ts';

const NAME = 'WECHAT_PAY_NOTIFY_URL';
/** unifiedorder takes a notify_url of at most this many characters. */
const CHARACTERS_MAX = 256;
/** An address, or a name without a dot: nothing that the public internet could reach by name. */
const NOT_PUBLIC = /^[\d.]+$|^\[|^[^.]+$/;

/** A domain that the platform gives away: rate limited, and not meant for production. */
export const isDefaultDomain = (host: string): boolean => /(^|\.)tcloudbase(app)?\.com$/i.test(host);

/**
 * What WeChat Pay demands of a notify_url, and what production does.
 * @param route the path at which payNotify is reached
 */
export function checkNotifyUrl(value: string, route: string | undefined): readonly Finding[] {
  if (!URL.canParse(value))
    return [problem(NAME, 'is not a URL; it looks like https://pay.example.com/payNotify')];
  const { protocol, hostname, pathname } = new URL(value);
  return [
    ...unless(protocol === 'https:', problem(NAME, 'must begin with https://')),
    ...unless(
      !/[?#]/.test(value),
      problem(NAME, 'must not have a query string or a #; WeChat Pay refuses it'),
    ),
    ...unless(
      /^[\x21-\x7e]+$/.test(value),
      problem(NAME, 'must be plain ASCII; write the domain in its xn-- form'),
    ),
    ...unless(
      !NOT_PUBLIC.test(hostname),
      problem(NAME, 'must name a public domain, not an address or this machine'),
    ),
    ...unless(value.length <= CHARACTERS_MAX, problem(NAME, `is longer than ${CHARACTERS_MAX} characters`)),
    ...unless(
      pathname === route,
      warning(NAME, `does not end in ${route}, where payNotify is; is something in between?`),
    ),
    ...unless(
      !isDefaultDomain(hostname),
      warning(
        NAME,
        'is on a default domain, which is for development only. Production wants an ICP-filed domain of your own',
      ),
    ),
  ];
}
