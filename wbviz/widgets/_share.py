"""An explorer as a line of Python, and back: the text to share is the cell that recreates it."""

import ast

import traitlets

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


class Shared:
    """Mixin of Explorer: its state as text, and the state that a text gives it."""

    def share(self):
        """The explorer as a line of Python: the text to share, and the cell that recreates it."""
        return written(type(self).__name__, self.state)

    def load(self, text):
        """Take the state from such a line. Nothing in it is run. A bad text raises ValueError and changes nothing.

        Settings that the text leaves out stay as they are.
        """
        settings = read(type(self).__name__, text)
        try:
            self.apply(settings)
        except (TypeError, traitlets.TraitError) as error:
            raise ValueError(f"This text was not loaded. {error}") from None

    def follow_link(self, text):
        """Do as a link in the notebook's text says; returns what is wrong with it, or an empty text."""
        try:
            self.load(text)
        except ValueError as error:
            return str(error)
        return ""
