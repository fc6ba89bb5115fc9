"""An explorer as a line of Python, and back: the text to share is the cell that recreates it."""

import ast

LONGEST = 200_000


def written(name, state):
    """The state as a call: `Neuron(w=[1.0, 2.0], b=-1.0)`."""
    return f"{name}({', '.join(f'{key}={value!r}' for key, value in state.items())})"


def read(name, text):
    """The settings in such a line. Only literals are read, nothing is run; anything else raises ValueError."""
    if len(text) > LONGEST:
        raise ValueError(f"This text has {len(text):,} characters; a shared state has at most {LONGEST:,}.")
    try:
        call = ast.parse(text.strip(), mode="eval").body
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.args:
            raise ValueError
        settings = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(f"This text is not a {name}. It should look like {name}(…), with plain values only.") from None
    if call.func.id != name:
        raise ValueError(f"This text is a {call.func.id}, but this is a {name}.")
    if None in settings:
        raise ValueError(f"This text is not a {name}: it uses **, but should name each setting.")
    return settings
