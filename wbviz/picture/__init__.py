"""The live picture: matplotlib artists recorded in Python and painted by the browser."""

from wbviz.picture.front_end import beside
from wbviz.picture.picture import LOCK, Picture

__all__ = ["LOCK", "Picture", "beside"]
