"""A download that needs no server: the bytes travel inside the link."""

import base64

from wbviz.widgets._words import escape

#: A longer link is refused: browsers stop at some two million characters.
LARGEST = 1_000_000


def download_link(content, filename, words, kind="application/octet-stream"):
    """HTML of a link that saves `content` (bytes) as `filename`; `words` are what is read, `kind` is the media type.

    More than `LARGEST` bytes raise ValueError.
    """
    if len(content) > LARGEST:
        raise ValueError(f"{filename} would have {len(content):,} bytes; a link can carry {LARGEST:,}.")
    href = f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
    return f'<a class="wbviz-download" download="{escape(filename)}" href="{escape(href)}">{escape(words)}</a>'
