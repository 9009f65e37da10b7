import assert from "node:assert/strict";
import { test } from "node:test";

import { allBlocks, type Blocks, blocksOf, growBlocks, NO_BLOCKS } from "../../static/src/core/blocks.ts";
import { fenceOf, htmlOf, htmlOfGrowing } from "../../static/src/core/html.ts";
import { seeded } from "./frames.ts";

const raws = (blocks: Blocks): string[] => allBlocks(blocks).map(({ raw }) => raw);
const html = (text: string): string => allBlocks(blocksOf(text)).map(htmlOf).join("");

const PIECES = [
  "# Title\n\n", "## Part\n", "A plain paragraph of words.\n\n", "Two lines\nof one paragraph\n\n", "- one\n- two\n", "1. first\n2. second\n",
  "- a\n\n  more of a\n- b\n", "> quoted\n> twice\n\n", "```py\nprint('x')\n```\n", "~~~\nplain\n~~~\n\n", "    indented\n\n", "---\n\n",
  "| a | b |\n|---|---|\n| 1 | 2 |\n\n", "$$\nx^2\n$$\n\n", "\\[ y \\]\n\n", "Inline $a_1$ and \\(b\\).\n\n", "**bold** and *soft* and `code`\n\n",
  "[link](https://example.org) and [ref][r]\n\n", "[r]: https://example.org/r\n\n", "<b>raw</b> text\n\n", "Setext\n======\n\n", "- [x] done\n- [ ] open\n\n",
  "word ", "\n", "\n\n", "tab\there\n", "line\r\nend\r\n\r\n", "émoji 🧐 末尾\n\n",
] as const;

function documentOf(random: () => number): string {
  const length = 1 + Math.floor(random() * 14);
  let text = "";
  for (let index = 0; index < length; index += 1) text += PIECES[Math.floor(random() * PIECES.length)] ?? "";
  return text;
}

function inDeltas(text: string, random: () => number): Blocks {
  let blocks = NO_BLOCKS;
  let at = 0;
  while (at < text.length) {
    at += 1 + Math.floor(random() * 12);
    blocks = growBlocks(blocks, text.slice(0, at));
  }
  return blocks;
}

test("growing text gives the blocks of the whole text, in 1,000 random documents", () => {
  const random = seeded(42);
  let mismatches = 0;
  for (let round = 0; round < 1000; round += 1) {
    const text = documentOf(random);
    const grown = raws(inDeltas(text, random));
    if (JSON.stringify(grown) !== JSON.stringify(raws(blocksOf(text)))) mismatches += 1;
  }
  // Completion reads the whole text once more and heals these; a rise means that freezing has become careless.
  assert.ok(mismatches <= 3, `${mismatches} of 1000 documents differed`);
});

test("the blocks are where they say, in the text without carriage returns", () => {
  const random = seeded(3);
  for (let round = 0; round < 500; round += 1) {
    const text = documentOf(random).replaceAll(/\r\n?/g, "\n");
    for (const { start, raw } of allBlocks(inDeltas(text, random))) {
      // The lexer tidies white space at the end of a list, without changing how long it is.
      assert.equal(text.slice(start, start + raw.length).trimEnd(), raw.trimEnd());
    }
  }
});

test("a frozen block is never lexed again", () => {
  const text = Array.from({ length: 40 }, (_, index) => `Paragraph ${index}.\n\n`).join("");
  let blocks = NO_BLOCKS;
  const frozen = new Set<unknown>();
  for (let at = 10; at <= text.length; at += 10) {
    blocks = growBlocks(blocks, text.slice(0, at));
    for (const block of frozen) assert.ok(blocks.frozen.includes(block as never));
    for (const block of blocks.frozen) frozen.add(block);
    assert.ok(blocks.tail.length <= 2);
  }
  assert.ok(frozen.size >= 38);
});

test("the same text gives the same blocks, and another text is read anew", () => {
  const blocks = growBlocks(NO_BLOCKS, "One.\n\nTwo.");
  assert.equal(growBlocks(blocks, "One.\n\nTwo."), blocks);
  assert.deepEqual(raws(growBlocks(blocks, "Other.")), ["Other."]);
});

test("a reference that was defined in a frozen block still links", () => {
  let blocks = NO_BLOCKS;
  const text = `[r]: https://example.org/r\n\n${"Filler.\n\n".repeat(6)}See [r].`;
  for (let at = 5; at < text.length + 5; at += 5) blocks = growBlocks(blocks, text.slice(0, at));
  const last = allBlocks(blocks).at(-1);
  assert.ok(last);
  assert.match(htmlOf(last), /href="https:\/\/example.org\/r"/);
});

test("an open fence is a block of code that says so", () => {
  const fence = (text: string) => {
    const block = allBlocks(blocksOf(text)).at(-1);
    assert.ok(block);
    return fenceOf(block);
  };
  assert.deepEqual(fence("```py\nx = 1\n"), { language: "py", text: "x = 1", closed: false });
  assert.deepEqual(fence("```py\nx = 1\n```"), { language: "py", text: "x = 1", closed: true });
  assert.deepEqual(fence("~~~~\nx\n~~~"), { language: "", text: "x\n~~~", closed: false });
  assert.deepEqual(fence("```"), { language: "", text: "", closed: false });
  assert.equal(fence("    indented"), null);
  assert.equal(fence("text"), null);
});

test("maths is kept as it is written", () => {
  assert.equal(html("$a_1 < b_2$"), '<p><span data-maths="inline">a_1 &lt; b_2</span></p>\n');
  assert.equal(html("\\(x\\)"), '<p><span data-maths="inline">x</span></p>\n');
  assert.equal(html("$$\nx\n$$"), '<div data-maths="display">x</div>\n');
  assert.equal(html("\\[\nx\n\\]\n"), '<div data-maths="display">x</div>\n');
  assert.equal(html("so $$x$$ is"), '<p>so <span data-maths="display">x</span> is</p>\n');
});

for (const text of ["It costs $5 and $6.", "$ 5 $", "a $x", "US$10 or US$20", "`$x$`", "\\$5$"]) {
  test(`no maths in ${JSON.stringify(text)}`, () => assert.doesNotMatch(html(text), /data-maths/));
}

test("headings of an answer are below those of the page", () => {
  assert.equal(html("# One"), "<h3>One</h3>\n");
  assert.equal(html("###### Six"), "<h6>Six</h6>\n");
});

test("pictures become links", () => {
  assert.equal(html('![a "b"](https://example.org/x.png)'), '<p><a href="https://example.org/x.png">a &quot;b&quot;</a></p>\n');
});

test("boxes of a task list are characters, not form fields", () => {
  assert.match(html("- [x] done\n- [ ] open"), /☑ [^]*☐ /);
  assert.doesNotMatch(html("- [x] done"), /<input/);
});

test("the last block is shown with its open marks closed", () => {
  const [block] = allBlocks(blocksOf("Some **bold wor"));
  assert.ok(block);
  assert.equal(htmlOfGrowing(block, {}), "<p>Some <strong>bold wor</strong></p>\n");
  assert.equal(htmlOf(block), "<p>Some **bold wor</p>\n");
});

const RAW: readonly (readonly [string, string])[] = [
  ["H<sub>2</sub>O and <KBD>Ctrl</KBD>", "<p>H<sub>2</sub>O and <kbd>Ctrl</kbd></p>\n"],
  ["one<br>two<br/>three", "<p>one<br>two<br>three</p>\n"],
  ["a <b onclick=x>b</b>", "<p>a &lt;b onclick=x&gt;b</b></p>\n"],
  ["<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"],
  ["<!-- a\ncomment --> after", " after"],
  ["<!-- open <b>", ""],
  ["<details><summary>More</summary>\n\nText\n\n</details>", "<b>More</b><p>Text</p>\n"],
  ["a <img src=x onerror=y>", "<p>a &lt;img src=x onerror=y&gt;</p>\n"],
  ["<constructor>", "&lt;constructor&gt;"],
  ["1 < 2 > 0", "<p>1 &lt; 2 &gt; 0</p>\n"],
];

for (const [text, expected] of RAW) {
  test(`raw HTML ${JSON.stringify(text)}`, () => assert.equal(html(text), expected));
}

test("no tag is taken for text that is escaped already, wherever it stands", () => {
  for (const tag of ["kbd", "pre", "code", "script", "b"]) {
    const shown = html(`a <${tag}><img src=x onerror=alert(1)><svg/onload=alert(1)>&lt;b</${tag}>`);
    assert.doesNotMatch(shown, /<(?:img|svg)/);
    assert.match(shown, /&lt;b/);
  }
});
