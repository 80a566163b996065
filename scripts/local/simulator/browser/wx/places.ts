import { chooseOne } from '../shell/choice-sheet.ts';
import { showModal } from '../shell/dialogs.ts';
import type { Phone } from '../shell/phone.ts';
import { createToast } from '../shell/toast.ts';
import { api } from './api.ts';
import { fail } from './failure.ts';
import type { Permissions } from './permissions.ts';
import type { Privacy } from './privacy.ts';

const ADDRESS = {
  provinceName: '广东省',
  cityName: '广州市',
  countyName: '海珠区',
  streetName: '新港中路',
  detailInfo: '新港中路397号',
  detailInfoNew: '397号',
  nationalCode: '510105',
  postalCode: '510000',
};
const ADDRESSES = [
  { ...ADDRESS, userName: '张三', telNumber: '020-81167888' },
  { ...ADDRESS, userName: '李四', telNumber: '13800138000', detailInfo: '新港中路1号', detailInfoNew: '1号' },
];

/** Where every phone is. */
const HERE = {
  ...{ name: '广州塔', address: '广东省广州市海珠区阅江西路222号' },
  ...{ latitude: 23.106574, longitude: 113.324587 },
};
const PLACES = [
  HERE,
  { name: '天安门广场', address: '北京市东城区东长安街', latitude: 39.903179, longitude: 116.397755 },
  { name: '外滩', address: '上海市黄浦区中山东一路', latitude: 31.240018, longitude: 121.490317 },
];

const INVOICES = [
  {
    ...{
      type: '0',
      title: '本地模拟有限公司',
      taxNumber: '91440101MA5LOCAL00',
      companyAddress: '广州市海珠区',
    },
    ...{ telephone: '020-81167888', bankName: '本地银行', bankAccount: '6200000000000000' },
  },
  {
    ...{ type: '1', title: '张三', taxNumber: '', companyAddress: '', telephone: '' },
    ...{ bankName: '', bankAccount: '' },
  },
];

/** What of a shopper's WeChat a mini-program may ask for: addresses, places, codes. They are the same for everybody. */
export function placeApis({
  phone,
  privacy,
  permissions,
}: {
  phone: Phone;
  privacy: Privacy;
  permissions: Permissions;
}) {
  const toast = createToast(phone);
  return {
    chooseAddress: api('chooseAddress', async () => {
      await privacy.require('chooseAddress');
      const choices = ADDRESSES.map((choice) => ({
        lines: [`${choice.userName} ${choice.telNumber}`, `${choice.cityName}${choice.detailInfo}`],
        choice,
      }));
      return (await chooseOne(phone, { title: '收货地址', choices })) ?? fail('cancel');
    }),
    chooseLocation: api('chooseLocation', async () => {
      await privacy.require('chooseLocation');
      return (await choosePlace(phone)) ?? fail('cancel');
    }),
    choosePoi: api('choosePoi', async () => {
      await privacy.require('choosePoi');
      const place = (await choosePlace(phone)) ?? fail('cancel');
      return { type: 2, city: '', ...place };
    }),
    getLocation: api('getLocation', () => location('scope.userLocation', 'getLocation')),
    getFuzzyLocation: api('getFuzzyLocation', () => location('scope.userFuzzyLocation', 'getFuzzyLocation')),
    openLocation: api('openLocation', ({ latitude, longitude, name }) => {
      if (typeof latitude !== 'number' || typeof longitude !== 'number')
        return fail('parameter error: parameter.latitude should be Number;');
      const title = `本地模拟：openLocation ${name ?? `${latitude}, ${longitude}`}`;
      toast.show({ kind: 'toast', title, icon: 'none', masked: false });
      return undefined;
    }),
    scanCode: api('scanCode', async () => {
      const { confirm, content } = await showModal(phone, {
        ...{
          title: '扫码（本地模拟）',
          content: '',
          showCancel: true,
          cancelText: '取消',
          confirmText: '确定',
        },
        ...{
          cancelColor: undefined,
          confirmColor: undefined,
          editable: true,
          placeholderText: '二维码的内容',
        },
      });
      if (!confirm || !content) return fail('cancel');
      const rawData = btoa(String.fromCharCode(...new TextEncoder().encode(content)));
      return { result: content, scanType: 'QR_CODE', charSet: 'UTF-8', path: '', rawData };
    }),
    chooseInvoiceTitle: api('chooseInvoiceTitle', async () => {
      const choices = INVOICES.map((choice) => ({ lines: [choice.title, choice.taxNumber], choice }));
      return (await chooseOne(phone, { title: '发票抬头', choices })) ?? fail('cancel');
    }),
  };

  async function location(scope: string, name: string) {
    await privacy.require(name);
    await permissions.require(scope);
    const { latitude, longitude } = HERE;
    const accuracy = 65;
    return {
      ...{ latitude, longitude, accuracy, speed: -1, altitude: 0 },
      ...{ verticalAccuracy: accuracy, horizontalAccuracy: accuracy },
    };
  }
}

function choosePlace(phone: Phone) {
  const choices = PLACES.map((choice) => ({ lines: [choice.name, choice.address], choice }));
  return chooseOne(phone, { title: '选择位置', choices });
}
