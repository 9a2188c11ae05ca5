import type { Language } from './prompt.ts';

/** Stock sentences of one language. None holds a digit, so that the last number is the answer's. */
export interface Phrases {
  /** Thinking aloud. */
  thinking: readonly string[];
  /** Working that leads to an answer. */
  working: readonly string[];
  /** Prose for a prompt that nobody knows the answer to. */
  prose: readonly string[];
  /** In front of an answer that should stand out, where the prompt names no form. */
  answerMarker: string;
  /** In front of a structured answer, and after it. */
  lead: string;
  tail: string;
  /** Between sentences. */
  gap: string;
}

const EN: Phrases = {
  thinking: [
    'Okay, let me read the question once more.',
    'The user wants a definite answer, so I should be careful with each step.',
    'First I note what is given and what is asked.',
    'Wait, I should check whether the order of the steps matters here.',
    'It does not change the result, so I can go on.',
    'Let me try it the other way round to be sure.',
    'Hmm, that seems consistent with what I had before.',
    'Another way to see it is to start from the end and work backwards.',
    'If I had made a mistake, it would show up in this step.',
    'So the two approaches agree.',
    'I also want to rule out the tempting wrong answer.',
    'That one fails because it ignores the second condition.',
    'Now I can write the result down clearly.',
  ],
  working: [
    'Let us take it step by step.',
    'We start with the facts that the question gives.',
    'Each condition narrows the possibilities down.',
    'The first one settles where to begin.',
    'Applying the second one leaves a single case.',
    'Putting the parts together, nothing is left over.',
    'A quick check against the question confirms it.',
    'The remaining step follows directly.',
    'No other reading fits all of the conditions.',
    'That completes the reasoning.',
  ],
  prose: [
    'That depends on what you want to achieve, and it helps to name the goal first.',
    'A good place to begin is with the simplest case that still shows the difficulty.',
    'Once that works, you can add one thing at a time and see what changes.',
    'It is worth writing down what you expect before you look at the result.',
    'Small, regular steps usually beat one large effort at the end.',
    'Ask someone who has done it before; they will know which problems are real.',
    'Keep a note of what you tried, because memory is a poor record.',
    'In practice, most of the time goes into the parts that looked easy.',
    'If two options seem equal, choose the one that is easier to undo.',
    'Finally, leave some room for what you did not foresee.',
  ],
  answerMarker: 'Answer: ',
  lead: 'Here is the result:',
  tail: 'Tell me if you would like anything changed.',
  gap: ' ',
};

const JA: Phrases = {
  thinking: [
    'まず、問題をもう一度読みます。',
    '与えられた条件を整理しましょう。',
    'ここで順序が結果に影響するか確認します。',
    '影響はないので、次に進みます。',
    '念のため、別の方法でも確かめます。',
    '結果は一致しているようです。',
    '間違えやすい点にも注意が必要です。',
    'これで答えをまとめられます。',
  ],
  working: [
    '順を追って考えます。',
    '問題の条件から始めましょう。',
    '最初の条件で出発点が決まります。',
    '次の条件により、場合が絞られます。',
    '残りの手順はそのまま従います。',
    '条件に照らして確認すると、矛盾はありません。',
    '以上で説明を終わります。',
  ],
  prose: [
    'それは目的によって変わりますので、まず目標を決めるとよいでしょう。',
    '簡単な例から始めると、全体の流れが分かりやすくなります。',
    '少しずつ進めながら、結果を確かめることが大切です。',
    '経験のある人に相談するのも良い方法です。',
    '試したことを記録しておくと、後で役に立ちます。',
    '日本では季節の移り変わりを大切にする習慣があります。',
    '最後に、予想外のことに備えて余裕を残しておきましょう。',
  ],
  answerMarker: '答え: ',
  lead: '結果は次のとおりです。',
  tail: '変更があればお知らせください。',
  gap: '',
};

const VI: Phrases = {
  thinking: [
    'Trước hết, mình đọc lại câu hỏi một lần nữa.',
    'Cần ghi ra những gì đã cho và những gì được hỏi.',
    'Khoan đã, mình nên kiểm tra xem thứ tự có quan trọng không.',
    'Kết quả không thay đổi nên có thể đi tiếp.',
    'Mình thử lại theo cách khác cho chắc.',
    'Hai cách làm cho cùng một kết quả.',
    'Bây giờ có thể viết câu trả lời rõ ràng.',
  ],
  working: [
    'Chúng ta làm từng bước một.',
    'Bắt đầu từ những dữ kiện của đề bài.',
    'Điều kiện thứ nhất cho biết điểm xuất phát.',
    'Điều kiện tiếp theo chỉ để lại một trường hợp.',
    'Bước còn lại suy ra trực tiếp.',
    'Kiểm tra lại với đề bài thì thấy phù hợp.',
    'Như vậy lời giải đã hoàn tất.',
  ],
  prose: [
    'Điều đó tùy vào mục tiêu của bạn, vì vậy hãy xác định mục tiêu trước.',
    'Nên bắt đầu từ trường hợp đơn giản nhất.',
    'Sau đó bạn thêm từng phần và quan sát sự thay đổi.',
    'Những bước nhỏ và đều đặn thường hiệu quả hơn.',
    'Hãy hỏi người đã có kinh nghiệm để tránh sai lầm.',
    'Ghi chép lại những gì đã thử sẽ rất có ích về sau.',
    'Cuối cùng, hãy để dành thời gian cho những điều bất ngờ.',
  ],
  answerMarker: 'Đáp án: ',
  lead: 'Kết quả như sau:',
  tail: 'Hãy cho mình biết nếu cần sửa gì.',
  gap: ' ',
};

export const PHRASES: Record<Language, Phrases> = { en: EN, ja: JA, vi: VI };
