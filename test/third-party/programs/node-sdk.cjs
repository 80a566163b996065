// The same for @cloudbase/node-sdk, which keeps its errors' codes and has updateAndReturn.
const tcb = require('@cloudbase/node-sdk');

const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV });
const db = app.database();
const _ = db.command;
const orders = db.collection('orders');

async function main() {
  const saw = {};
  saw.added = (await orders.add({ _id: 'n1', state: 'NOTPAY', fee: 100 })).id;
  saw.read = (await orders.doc('n1').get()).data;
  saw.again = (await orders.add({ _id: 'n1' }).catch((error) => error)).code;
  saw.returned = (await orders.where({ _id: 'n1' }).updateAndReturn({ fee: _.inc(1) })).doc;
  const holder = await db.startTransaction();
  await holder.collection('orders').doc('n1').update({ fee: 1 });
  const other = await db.startTransaction();
  const conflict = await other
    .collection('orders')
    .doc('n1')
    .update({ fee: 2 })
    .catch((error) => error);
  saw.conflict = conflict.code;
  await holder.commit();
  saw.kept = (await orders.where({ fee: 1 }).count()).total;
  saw.removed = (await orders.doc('n1').remove()).deleted;
  process.stdout.write(JSON.stringify(saw));
}

main();
