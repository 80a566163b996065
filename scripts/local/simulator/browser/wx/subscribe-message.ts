import type { Network } from '../network.ts';
import type { Server } from '../server.ts';
import type { Phone } from '../shell/phone.ts';
import { askForMessages } from '../shell/subscribe-sheet.ts';
import { answered, api } from './api.ts';
import { fail, type Options } from './failure.ts';

/** One call asks for so many messages at most. */
const TEMPLATES_MAX = 3;

/** https://developers.weixin.qq.com/miniprogram/dev/api/open-api/subscribe-message/wx.requestSubscribeMessage.html */
export function subscribeMessageApis(parts: { server: Server; phone: Phone; network: Network }) {
  return {
    requestSubscribeMessage: api('requestSubscribeMessage', (options) => request(options, parts)),
  };
}

async function request(
  options: Options,
  { server, phone, network }: { server: Server; phone: Phone; network: Network },
): Promise<Readonly<Record<string, string>>> {
  const ids: readonly unknown[] = Array.isArray(options.tmplIds) ? options.tmplIds : [];
  const tmplIds = ids.filter((id) => typeof id === 'string');
  if (tmplIds.length === 0) return fail('TmplIds can’t be empty', { errCode: 10001 });
  if (tmplIds.length > TEMPLATES_MAX) return fail('Templates count out of max bound', { errCode: 20003 });
  if (!network.isConnected()) return fail('request list fail', { errCode: 10002 });
  const { titles } = await answered(() => server.subscribe.titles(tmplIds));
  if (titles.length < tmplIds.length)
    return fail('No template data return, verify the template id exist', { errCode: 20001 });
  const consent = (await askForMessages(phone, titles)) ? 'accept' : 'reject';
  await answered(() => server.subscribe.answer(tmplIds, consent));
  return Object.fromEntries(tmplIds.map((id) => [id, consent]));
}
