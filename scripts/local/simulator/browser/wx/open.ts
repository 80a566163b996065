import type { Network } from '../network.ts';
import type { Server } from '../server.ts';
import type { Phone } from '../shell/phone.ts';
import { createToast } from '../shell/toast.ts';
import { answered, api } from './api.ts';
import { fail } from './failure.ts';

/** WeChat's own services. What cannot happen here is shown on the phone, so that nobody waits for it. */
export function openApis({
  phone,
  appid,
  server,
  network,
}: {
  phone: Phone;
  appid: string;
  server: Server;
  network: Network;
}) {
  const toast = createToast(phone);
  const stub = (name: string, answer: (options: Readonly<Record<string, unknown>>) => object = () => ({})) =>
    api(name, (options) => {
      toast.show({ kind: 'toast', title: `本地模拟：${name}`, icon: 'none', masked: false });
      return answer(options);
    });
  return {
    login: api('login', async () => {
      if (!network.isConnected()) return fail('network error');
      return answered(() => server.login());
    }),
    updateWeChatApp: stub('updateWeChatApp'),
    checkSession: api('checkSession', () => {}),
    getUserProfile: api('getUserProfile', () => profile()),
    getUserInfo: api('getUserInfo', () => profile()),
    getAccountInfoSync: () => ({ miniProgram: { appId: appid, envVersion: 'develop', version: '' } }),
    getUpdateManager: () => ({
      ...{ onCheckForUpdate() {}, onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {} },
    }),
    shareAppMessage: stub('shareAppMessage'),
    showShareMenu: api('showShareMenu', () => {}),
    hideShareMenu: api('hideShareMenu', () => {}),
    updateShareMenu: api('updateShareMenu', () => {}),
    makePhoneCall: stub('makePhoneCall'),
    openCustomerServiceChat: stub('openCustomerServiceChat'),
    reportEvent: () => {},
    reportAnalytics: () => {},
  };
}

/** The grey head that WeChat answers for everybody. */
const NOBODY = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path fill="#d8d8d8" d="M0 0h2v2H0"/><path fill="#fff" d="M.4 2a.6.6 0 0 1 1.2 0M1 .4a.4.4 0 1 1 0 .8.4.4 0 1 1 0-.8"/></svg>',
)}`;

/**
 * Since October 2022 nobody is named any more
 * (https://developers.weixin.qq.com/community/develop/doc/00022c683e8a80b29bed2142b56c01). What is signed or encrypted with
 * the session key is left empty: the phone does not know that key.
 */
function profile() {
  const userInfo = {
    ...{ nickName: '微信用户', avatarUrl: NOBODY, gender: 0, language: '' },
    ...{ city: '', province: '', country: '', is_demote: true },
  };
  return { userInfo, rawData: JSON.stringify(userInfo), signature: '', encryptedData: '', iv: '' };
}
