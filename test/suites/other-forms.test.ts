import { describe, expect, test } from 'vitest';
import { gradeAnswer } from '../../src/score/grade.ts';
import { LIMITS, replied } from '../score/replies.ts';
import { shipped } from './shipped.ts';

/** Answers of written cases: honest ones in another form than the reference's, and near misses. */
const ANSWERS: Record<string, Record<string, { right?: string[]; wrong?: string[] }>> = {
  chat: {
    'heavier-kilogram': { right: ['EQUAL', '**equal**'], wrong: ['steel, not equal'] },
    'missing-field': {
      right: ['No. It gives her date of birth and where she lives now, but no country of birth.'],
      wrong: ['Yes, no doubt: Portugal.'],
    },
    'conclusion-follows': {
      right: [
        'No, because all of her plants are ferns in this flat, and no fern here has flowers.',
      ],
      wrong: ['Yes. No fern has flowers, but hers do.'],
    },
    'past-tense': {
      right: ['"She bought a ticket and took the bus."'],
      wrong: ['She buyed a ticket and took the bus.'],
    },
    'passive-voice': {
      right: ['**The plan was rejected by the committee.**'],
      wrong: ['The plan is rejected by the committee.'],
    },
    'fix-spelling': {
      right: ['"I received the package yesterday."'],
      wrong: ['I received the package yestarday.'],
    },
    'third-person': {
      right: ['“He forgot his keys, so he waited outside.”'],
      wrong: ['He forgot his key, so he waited outside.'],
    },
    'british-spelling': {
      right: ['"My favourite colour is the grey of the harbour."'],
      wrong: [
        'My favorite colour is the grey of the harbour.',
        'My favourite colour is the gray of the harbour.',
      ],
    },
    'remove-adjectives': { wrong: ['The sailor told story.'] },
    'simple-words-photosynthesis': {
      right: ['Leaves catch the sunlight. With it they cook sugar out of water and air.'],
    },
    'start-with-indeed': { right: ['Indeed, they can.'] },
    'robot-on-a-grid/2': { right: ['(2, −2)'] },
    'language-switch/1': { right: ['Bruecke'] },
    'json-nested-order': {
      right: [
        '{"customer": "Nils Aas", "items": [{"name": "Hooks", "count": 4, "price": 2.25}, {"name": "Lamps", "count": 2, "price": 19.5}, {"name": "Rug", "count": 1, "price": 84}], "total": 132}',
      ],
      wrong: [
        '{"customer": "Nils Aas", "items": [{"name": "lamp", "count": 1, "price": 84}, {"name": "rug", "count": 1, "price": 84}, {"name": "hook", "count": 1, "price": 84}], "total": 132}',
      ],
    },
  },
  code: {
    'output-py-slice-step': { right: ['`eod`', '```\neod\n```'], wrong: ['eyb'] },
    'output-js-event-order': { right: ['`mpt`'], wrong: ['mtp'] },
  },
  japanese: {
    'read-where-is-key': { right: ['母の鞄の中'], wrong: ['引き出しの中'] },
    'read-why-late': { right: ['かさを取りに戻ったため'] },
    'read-moved-meeting': { right: ['14:30'], wrong: ['15:30'] },
    'summary-library-move': {
      right: ['市立図書館は来年四月に駅前の新ビルへ移り、三月は休館する。'],
    },
    'summary-fox-field-notes': { right: ['キツネは餌の少ない冬に村へ近づくが、大雪の年は減る。'] },
    'summary-title-ten-characters': { right: ['祖父時計復活'], wrong: ['The clock'] },
    'translate-ja-en-library': { right: ['The library closes on Mondays.'] },
    'write-katakana-name': { wrong: ['ミヒャエル'] },
    'translate-en-ja-never-been': { right: ['京都に行ったことないです。'] },
  },
  vietnamese: {
    'antonym-of-cham': { right: ['mau'], wrong: ['trễ'] },
    'classifier-for-paintings': { right: ['tấm'], wrong: ['con'] },
    'read-indirect-refusal': {
      right: ['Không, người trả lời không đi.'],
      wrong: ['Có, không sao.'],
    },
    'read-mentioned-in-passing': { right: ['Có, bún riêu.'], wrong: ['Không có.'] },
    'read-recipe-order': { right: ['Đun nước → Cho rau → Nêm muối'] },
    'read-extract-json': { right: ['{"ten": "Thảo", "tuoi": 34, "nghe": "kĩ sư"}'] },
    'translate-vi-en-lost-wallet': { right: ['I lost my purse on the bus.'] },
    'translate-vi-en-younger-sister': { right: ['Drawing is what my younger sister loves.'] },
    'translate-vi-en-rain-stop': { right: ['We will go when the rain lets up.'] },
    'translate-vi-en-no-sugar': {
      right: ['An unsweetened coffee, please.', 'I would like a coffee with no sugar.'],
      wrong: ['I would like a coffee with sugar.'],
    },
    'translate-en-vi-train-station': { right: ['Ga ở đâu ạ?'], wrong: ['Bến xe ở đâu?'] },
    'translate-en-vi-two-tickets': {
      right: ['Tôi muốn mua 2 vé đi Huế.'],
      wrong: ['Tôi muốn hai người cùng mua một vé đi Huế.'],
    },
    'translate-en-vi-doctor-tomorrow': { right: ['Mai bác sĩ sẽ đến.'] },
    'capital-of-vietnam': { right: ['Thành phố Hà Nội'], wrong: ['Huế'] },
  },
  planner: {
    'tool-weather-not-calendar': {
      right: ['{"tool": "get_weather", "arguments": {"city": "Bergen, Norway"}}'],
      wrong: ['{"tool": "get_weather", "arguments": {"city": "Bergen", "date": "tomorrow"}}'],
    },
    'tool-pause-without-arguments': {
      wrong: ['{"tool": "pause", "arguments": {"playlist": "this song"}}'],
    },
    'tool-ja-train-search': {
      right: [
        '{"tool": "search_train", "arguments": {"from": "東京駅", "to": "仙台駅", "depart": "08:00"}}',
      ],
    },
  },
  smoke: {
    'one-sentence': { right: ['Water expands as it freezes, so ice is the lighter of the two.'] },
  },
};

describe.each(Object.entries(ANSWERS))('%s', (name, cases) => {
  const { cases: known } = shipped(name);
  const rows = Object.entries(cases).flatMap(([place, { right = [], wrong = [] }]) => [
    ...right.map((said) => ({ place, said, mark: 'right' })),
    ...wrong.map((said) => ({ place, said, mark: 'wrong' })),
  ]);

  test.each(rows)('$place: «$said» is $mark', ({ place, said, mark }) => {
    const [id, turn] = place.split('/');
    const turns = known.find((one) => one.id === id)?.turns ?? [];
    const asked = turn === undefined ? turns.at(-1) : turns[Number(turn)];
    if (asked === undefined) throw new Error(`there is no case ${place}`);
    expect(gradeAnswer(replied(said), asked.expect, LIMITS)).toMatchObject({ mark });
  });
});
