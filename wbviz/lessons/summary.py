"""The summary of progress as a page to keep: one HTML file that needs no server, no JavaScript and no network."""

from datetime import UTC, datetime

from wbviz.lessons._records import KINDS
from wbviz.lessons._text import plain, prose, shorten, tell
from wbviz.lessons.progress import done
from wbviz.widgets._words import escape, percent, plural

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>TITLE</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em;
       color: #1a1a1a; background: #fff; }
h2 { margin-top: 2em; }
table { border-collapse: collapse; width: 100%; margin: 1em 0; }
caption { text-align: left; font-weight: bold; padding: 4px 0; }
th, td { text-align: left; vertical-align: top; font-weight: normal; padding: 4px 12px 4px 0;
         border-bottom: 1px solid #767676; overflow-wrap: anywhere; }
thead th { font-weight: bold; }
td:last-child { white-space: nowrap; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #111; } }
@media print { body { color: #000; background: #fff; margin: 0; max-width: none; font-size: 11pt; }
               h2, caption { break-after: avoid; } }
</style>
</head>
<body>
<main>
BODY
</main>
</body>
</html>
"""
_TITLE = "Weights and Biases, alive: what I have done"
#: The number of the chapter whose exercises are the checks of the capstone.
_CAPSTONE = 14


def summary_page(progress, chapters):
    """What a learner has done in these chapters → the text of a page.

    progress: a `Progress`. Each prediction comes with its answer and the truth it was compared with, each exercise
    with its hints, each claim with its verdict, then the self-tests; all with their dates. Everything is escaped.
    """
    data = progress.snapshot()
    today = datetime.now(UTC).date().isoformat()
    parts = [f"<h1>{_TITLE}</h1><p>Written on {today}.</p>", _overview(data, chapters), _self_tests(data)]
    parts += [_chapter(data, chapter) for chapter in chapters]
    return _PAGE.replace("TITLE", _TITLE).replace("BODY", "\n".join(part for part in parts if part))


# --- the whole --------------------------------------------------------------------------------------------------------


def _overview(data, chapters):
    rows = []
    for chapter in chapters:
        counts = []
        for kind in KINDS:
            items = chapter.shown(kind)
            counts.append(f"{sum(done(kind, _record(data, kind, chapter, item)) for item in items)} of {len(items)}")
        rows.append([_heading(chapter), *counts])
    return _table("All chapters", ("Chapter", "predicted", "solved", "claims tested"), rows)


def _self_tests(data):
    rows = []
    for name, record in sorted(data.get("self_tests", {}).items()):
        if not (best := record.get("best")):
            continue
        share = percent(best["right"] / max(best["of"], 1), 0)
        counts = sorted(best.get("chapters", {}).items(), key=lambda pair: (len(pair[0]), pair[0]))
        by_chapter = "; ".join(f"{number.zfill(2)}: {right} of {of}" for number, (right, of) in counts)
        rows.append([escape(name), f"{best['right']} of {best['of']}, {share}", escape(by_chapter), _day(best)])
    if not rows:
        return ""
    head = ("Questions", "best result", "right, by chapter", "on")
    return f"<h2>Self-test</h2>{_table('Self-tests finished', head, rows)}"


def _chapter(data, chapter):
    parts = [_predictions(data, chapter), _exercises(data, chapter), _claims(data, chapter)]
    return f"<h2>{_heading(chapter)}</h2>{''.join(parts)}" if any(parts) else ""


def _heading(chapter):
    return escape(f"{chapter.label} {chapter.title}")


# --- the items of a chapter -------------------------------------------------------------------------------------------


def _predictions(data, chapter):
    rows = []
    for prediction, record in _begun(data, "predictions", chapter):
        first, latest = record["first"], record["latest"]
        truth = next((turn["truth"] for turn in (latest, first) if turn.get("truth") is not None), None)
        answers = [_answer(prediction, first)]
        if latest != first:
            answers.append(f"later: {_answer(prediction, latest)}")
        said = "not kept" if truth is None else _said(prediction, truth)
        rows.append([prose(prediction.prompt), "; ".join(answers), escape(said), _day(latest)])
    return _table("Predictions", ("Question", "predicted", "the engine computed", "on"), rows)


def _answer(prediction, turn):
    word = "right" if prediction.form == "choose" else "near"
    near = {True: f" ({word})", False: f" (not {word})"}.get(turn.get("near"), "")
    return escape(_said(prediction, turn["answer"]) + near)


def _said(prediction, answer):
    """An answer in words; what is no possible answer to this edition's question is told as it stands."""
    try:
        answer = plain(answer)
        prediction.accepts(answer)
        return prediction.say(answer)
    except Exception:
        return shorten(tell(answer), 200)


def _exercises(data, chapter):
    rows = []
    for exercise, record in _begun(data, "exercises", chapter):
        solved = "✓ solved" if record.get("solved") else "not yet"
        tries = plural(record.get("attempts", 0), "try").replace("trys", "tries")
        rows.append(
            [prose(exercise.prompt), solved, f"{tries}, {plural(record.get('hints', 0), 'hint')}", _day(record)]
        )
    words = "Exercises, the checks of the capstone among them" if chapter.number == _CAPSTONE else "Exercises"
    return _table(words, ("Task", "state", "with", "on"), rows)


def _claims(data, chapter):
    rows = []
    for claim, record in _begun(data, "claims", chapter):
        verdict, text = (escape(record.get(key, "")) for key in ("verdict", "text"))
        rows.append([escape(claim.statement), f"{verdict}. {text}", _day(record)])
    return _table("Claims tested", ("Claim", "verdict", "on"), rows)


def _begun(data, kind, chapter):
    """The items of a kind that there is a record of, each with it."""
    pairs = ((item, _record(data, kind, chapter, item)) for item in getattr(chapter, kind))
    return [(item, record) for item, record in pairs if record]


def _record(data, kind, chapter, item):
    return data[kind].get(chapter.key(item.name), {})


def _day(record):
    """The day of a record, as it was written."""
    return escape(str(record.get("when", ""))[:10])


def _table(caption, head, rows):
    """An HTML table of cells that are safe already; the first cell of a row names it. "" without rows."""
    if not rows:
        return ""
    columns = "".join(f'<th scope="col">{title}</th>' for title in head)
    lines = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>' for first, *rest in rows
    )
    return f"<table><caption>{caption}</caption><thead><tr>{columns}</tr></thead><tbody>{lines}</tbody></table>"
