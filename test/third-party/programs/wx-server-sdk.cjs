// A program as one finds them: any wx-server-sdk, no word about a local world. Prints what it saw as JSON.
const cloud = require(process.argv[2]);

cloud.init({ env: cloud.DYNAMIC_CURRENT_ENV });
const db = cloud.database();
const _ = db.command;
const orders = db.collection('orders');

async function main() {
  const saw = {};
  const created = new Date(1700000000000);
  saw.added = (
    await orders.add({ data: { _id: 'n1', state: 'NOTPAY', fee: 100, created, tags: ['new'] } })
  )._id;
  saw.read = (await orders.doc('n1').get()).data;
  const again = await orders.add({ data: { _id: 'n1' } }).catch((error) => error);
  saw.again = [again.errCode, /E11000/.test(again.errMsg)];
  const pay = () =>
    orders
      .where({ _id: 'n1', state: 'NOTPAY' })
      .update({ data: { state: 'SUCCESS', tags: _.push(['paid']) } });
  saw.paid = [(await pay()).stats.updated, (await pay()).stats.updated];
  await db.runTransaction(async (transaction) => {
    const { data } = await transaction.collection('orders').doc('n1').get();
    await transaction
      .collection('users')
      .doc('u1')
      .set({ data: { spent: data.fee } });
    await transaction
      .collection('orders')
      .doc('n1')
      .update({ data: { settled: true } });
  });
  saw.user = (await db.collection('users').doc('u1').get()).data;
  const rolledBack = db.runTransaction(async (transaction) => {
    await transaction
      .collection('users')
      .doc('u1')
      .update({ data: { spent: _.inc(1) } });
    await transaction.rollback('changed my mind');
  });
  saw.rollback = await rolledBack.catch((reason) => reason);
  await orders.add({ data: { _id: 'n2', fee: 50, tags: [], created: db.serverDate() } });
  saw.found = (
    await orders
      .where({ fee: _.gte(50) })
      .orderBy('fee', 'asc')
      .field({ fee: true })
      .get()
  ).data;
  saw.sum = (
    await orders
      .aggregate()
      .group({ _id: null, sum: { $sum: '$fee' } })
      .end()
  ).list;
  saw.regexp = (await orders.where({ _id: db.RegExp({ regexp: '^N1$', options: 'i' }) }).count()).total;
  saw.removed = (await orders.where({ fee: 50 }).remove()).stats.removed;
  const missing = await db
    .collection('nope')
    .get()
    .catch((error) => error);
  saw.missing = missing.errCode;
  await db.createCollection('notes');
  saw.madeTwice = /Table exist/.test((await db.createCollection('notes').catch((error) => error)).errMsg);
  const notes = db.collection('notes');
  saw.batch = (await notes.add({ data: [{ _id: 'a', n: 1 }, { _id: 'b' }] }))._ids;
  saw.replaced = (await notes.doc('a').set({ data: { m: 2 } })).stats;
  saw.after = (await notes.doc('a').get()).data;
  const soon = db.serverDate({ offset: 60_000 });
  await notes.doc('b').update({ data: { now: db.serverDate(), soon } });
  const { data: dated } = await notes.doc('b').get();
  saw.offset = dated.soon - dated.now;
  saw.gone = [(await notes.doc('b').remove()).stats.removed, (await notes.doc('b').remove()).stats.removed];
  const transaction = await db.startTransaction();
  await transaction.collection('notes').add({ data: { _id: 'c' } });
  await transaction.commit();
  const over = await transaction.commit().catch((error) => error);
  saw.over = over.code;
  saw.counted = (await notes.count()).total;
  const { result } = await cloud.callFunction({ name: 'echo', data: { said: '你好' } });
  saw.called = result;
  const failed = await cloud.callFunction({ name: 'fails' }).catch((error) => error);
  saw.failed = /fell over/.test(failed.errMsg ?? failed.message);
  const message = { touser: 'o1', templateId: 't', data: { a: { value: '你好' } } };
  saw.sent = (await cloud.openapi.subscribeMessage.send(message)).errCode;
  const { returnCode, prepayId } = await cloud.cloudPay.unifiedOrder({ outTradeNo: 'n1', totalFee: 1 });
  saw.ordered = [returnCode, prepayId];
  const fileContent = Buffer.from([0, 255, 13, 10, 1]);
  const { fileID } = await cloud.uploadFile({ cloudPath: '图/a b.bin', fileContent });
  saw.file = [...(await cloud.downloadFile({ fileID })).fileContent];
  saw.urls = (await cloud.getTempFileURL({ fileList: [fileID] })).fileList.map(({ status }) => status);
  saw.deleted = (await cloud.deleteFile({ fileList: [fileID, fileID] })).fileList.map(({ status }) => status);
  const badPath = await cloud.uploadFile({ cloudPath: '../a', fileContent }).catch((error) => error);
  saw.badPath = badPath instanceof Error || badPath.errCode < 0;
  process.stdout.write(JSON.stringify(saw));
}

main();
