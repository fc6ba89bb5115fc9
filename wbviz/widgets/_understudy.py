"""Trying a state in the picture of an explorer without anybody's notice."""


class Understudied:
    """Mixin of Explorer: it can have an understudy, who knows the scene and has traits of its own."""

    def understudy(self):
        """One who knows the scene and has traits of its own: to try a state in the picture without anybody's notice."""
        twin = type(self).__new__(type(self))
        vars(twin).update({name: value for name, value in vars(self).items() if not name.startswith("_trait_")})
        twin._panel, twin._closed = None, True
        return twin

    def pose(self, state, **settings):
        """For an understudy: show a state with some settings changed, and what follows from them (`settle`)."""
        self._trait_values = dict(state)
        self._set_quietly(settings)
        self.redraw()
