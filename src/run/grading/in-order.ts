/**
 * Works on several items at once, and hands what came of them over in the order of the items: each as
 * soon as all before it are done.
 * @param atOnce at least 1
 * @throws what `work` or `handOver` throws, once what is under way has ended
 */
export async function inOrderOf<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
  handOver: (item: Item, result: Result) => void,
): Promise<void> {
  const done = new Map<number, Result>();
  let [begun, handedOver] = [0, 0];
  const worker = async (): Promise<void> => {
    while (begun < items.length) {
      const index = begun++;
      done.set(index, await work(items[index] as Item));
      while (done.has(handedOver)) {
        handOver(items[handedOver] as Item, done.get(handedOver) as Result);
        done.delete(handedOver++);
      }
    }
  };
  const workers = Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    try {
      await worker();
    } catch (error) {
      begun = items.length;
      throw error;
    }
  });
  const ended = await Promise.allSettled(workers);
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
