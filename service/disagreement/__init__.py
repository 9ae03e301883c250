"""Whether sources of different stories give different values for what a question asks."""

from service.disagreement.finding import Disagreements, find_disagreements
from service.disagreement.telling import Told, told

__all__ = ["Disagreements", "Told", "find_disagreements", "told"]
