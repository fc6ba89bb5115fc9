"""Explorers that open a learner's own model."""


class Opens:
    """Mixin of an explorer that opens a learner's own model by `of`; the setting `model` of its state does so too."""

    @classmethod
    def of(cls, model, X=None, y=None, *, loss=None, **settings):
        """This explorer for a model of one's own: a wbviz Network, a torch.nn.Sequential or a keras.Sequential.

        X (n, n_in) and y: the examples it is judged on; or X alone: the name of a data set, or a Dataset. Left out,
        a bundled set of as many inputs is taken, where there is one. loss: "mse", "cross_entropy" or
        "binary_cross_entropy"; left out, it is told from y. settings: those of this explorer.
        The model is copied. A model or data that do not fit raise ValueError or TypeError, which say why.
        """
        return cls.own_kind().opened_with(model, X, y, loss, settings)

    @classmethod
    def own_kind(cls):
        """The class that shows a model of one's own: a subclass, with OwnModel."""
        raise TypeError(f"{cls.__name__} opens no model of one's own.")

    def __new__(cls, *args, **settings):
        kind = cls if settings.get("model") is None else cls.own_kind()
        return super().__new__(kind, *args, **settings)

    def _refuse_unknown(self, settings):
        if "model" in settings and "model" not in self._state_names():
            raise TypeError("It holds a model of one's own, which has a figure of its own: run the text in a cell.")
        super()._refuse_unknown(settings)
