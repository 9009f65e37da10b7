"""Pieces of Markdown that a chat page must be able to show."""

from __future__ import annotations

from random import Random

from ai_studio.emulator.text import PEOPLE, PLACES, THINGS, sentence

PYTHON = '''```python
from collections.abc import Iterator


def moving_average(values: list[float], window: int = 7) -> Iterator[float]:
    """Yield the mean of each `window` neighbouring values."""
    total = sum(values[:window])
    yield total / window
    for left, right in zip(values, values[window:]):
        total += right - left
        yield total / window
```'''

TYPESCRIPT = """```typescript
type Visit = { readonly at: Date; readonly place: string };

/** Groups visits by place; the order within a place is kept. */
export function byPlace(visits: readonly Visit[]): Map<string, Visit[]> {
  const groups = new Map<string, Visit[]>();
  for (const visit of visits) {
    groups.set(visit.place, [...(groups.get(visit.place) ?? []), visit]);
  }
  return groups;
}
```"""

SQL = """```sql
select team.name, count(*) as answers, avg(answer.duration) as seconds
from answer
join team on team.id = answer.team_id
where answer.created_at >= current_date - interval '7 days'
group by team.name
having count(*) > 10
order by answers desc;
```"""

RUST = """```rust
fn longest_word(line: &str) -> Option<&str> {
    line.split_whitespace().max_by_key(|word| word.chars().count())
}

fn main() {
    let line = "measure twice, cut once";
    println!("{:?}", longest_word(line)); // Some("measure")
}
```"""

SHELL = """```bash
# The ten largest files below this folder
find . -type f -printf '%s %p\\n' | sort -rn | head -10 | numfmt --field=1 --to=iec
```"""

HTML = """```html
<figure class="card">
  <img src="harbour.jpg" alt="The harbour at dawn" loading="lazy">
  <figcaption>The harbour &amp; its lighthouse</figcaption>
</figure>
```"""

JSON = """```json
{ "name": "harbour", "depth": 12.5, "lights": ["red", "green"], "open": true }
```"""

LANGUAGES = {
    "python": PYTHON,
    "typescript": TYPESCRIPT,
    "javascript": TYPESCRIPT,
    "sql": SQL,
    "rust": RUST,
    "bash": SHELL,
    "shell": SHELL,
    "html": HTML,
    "json": JSON,
}

MATHS = """The mean is $\\bar{x} = \\frac{1}{n}\\sum_{i=1}^{n} x_i$, and how far values stray from it is

$$
\\sigma = \\sqrt{\\frac{1}{n}\\sum_{i=1}^{n}\\left(x_i - \\bar{x}\\right)^2}
$$

For a smooth curve the sum becomes an integral, \\(\\int_a^b f(x)\\,dx = F(b) - F(a)\\), and for a bell curve

\\[
\\int_{-\\infty}^{\\infty} e^{-x^2}\\,dx = \\sqrt{\\pi}.
\\]"""

LINKS = """To read on: [the Python documentation](https://docs.python.org/3/), [MDN on WebSockets](https://developer.mozilla.org/docs/Web/API/WebSockets_API)
and [the CommonMark specification](https://spec.commonmark.org/ "How Markdown works"). A bare address works too: <https://example.org/>."""


def code(random: Random, prompt: str) -> str:
    """Code blocks in the languages that the prompt names, or one in any."""
    asked = dict.fromkeys(block for language, block in LANGUAGES.items() if language in prompt.lower())
    return "\n\n".join(asked or [random.choice((PYTHON, TYPESCRIPT, SQL, RUST))])


def table(random: Random) -> str:
    """A table with a column of numbers aligned to the right."""
    rows = [
        f"| {place[0].upper()}{place[1:]} | {person} | {random.randint(2, 980)} | {random.choice(('yes', 'no', '*soon*'))} |"
        for place, person in zip(random.sample(PLACES, 4), random.sample(PEOPLE, 4), strict=True)
    ]
    return "\n".join(["| Place | Keeper | Visits | Open |", "|---|:---|---:|:---:|", *rows])


def steps(random: Random) -> str:
    """A numbered list, one of its points with points of its own."""
    first, second, third = random.sample(THINGS, 3)
    return "\n".join(
        (
            f"1. **Look first.** Write down what you know about {first}, and what you only believe.",
            f"2. **Take the smallest step.** Set {second} aside until it works:",
            "   - change one thing at a time;",
            "   - keep a note of what you saw.",
            f"3. **Compare.** Show the result to somebody who knows {third}.",
        )
    )


def bullets(random: Random) -> str:
    """A list of sentences, and one of tasks."""
    points = [f"- {sentence(random)}" for _ in range(3)]
    tasks = [f"- [{mark}] ask about {thing}" for mark, thing in zip("x ", random.sample(THINGS, 2), strict=True)]
    return "\n".join(points) + "\n\n" + "\n".join(tasks)


def quotation(random: Random) -> str:
    """A quotation in two levels, with inline styles."""
    return (
        f"> {sentence(random)}\n>\n> > *{sentence(random)}*\n\n"
        "Some words are **strong**, some *lean*, some ~~gone~~, and some `inline code`."
    )


def showcase(random: Random, prompt: str) -> str:
    """Everything, under headings."""
    sections = (
        ("# A tour of Markdown", sentence(random)),
        ("## Lists", bullets(random)),
        ("### In order", steps(random)),
        ("## A table", table(random)),
        ("## Code", "\n\n".join((PYTHON, TYPESCRIPT, SQL, RUST, SHELL, HTML, JSON))),
        ("## Mathematics", MATHS),
        ("## Quotations", quotation(random)),
        ("## Links", LINKS),
    )
    return "\n\n---\n\n".join(f"{heading}\n\n{text}" for heading, text in sections)
